// Our frames on a page's stack: gone, also where our code and the page's are one minified file without names of ours.

import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { expect, test } from './browser.ts'

declare const rawFrames: () => number

const APP = `
  import * as ohnoes from '${fileURLToPath(new URL('../dist/index.mjs', import.meta.url))}'
  const { dsn, release } = document.documentElement.dataset
  ohnoes.init({ dsn, release })
  let thrown
  document.querySelector('#go').addEventListener('click', () => {
    ohnoes.withScope(scope => {
      scope.setTag('scoped', 'yes')
      thrown = new Error('in a scope')
      throw thrown
    })
  })
  window.rawFrames = () => thrown.stack.split('\\n').filter(line => line.includes('/app.js')).length
`

const PAGE = `<!doctype html><html data-dsn="DSN" data-release="RELEASE"><meta charset="utf-8">
  <button id="go">go</button><script type="module" src="app.js"></script></html>`

async function build(): Promise<string> {
  const bundle = await rolldown({
    input: 'app',
    plugins: [
      {
        name: 'app',
        resolveId: id => (id === 'app' ? id : null),
        load: id => (id === 'app' ? APP : null),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'es', minify: true })
  return output[0].code
}

test('an error thrown through withScope has no frame of ours, in a minified build of the page', async ({
  tab,
  server,
  collector,
}) => {
  const code = await build()
  expect(code).not.toContain('ownPlace') // minified: no name says whose a frame is
  server.route('/app.js', (_request, response) =>
    response.setHeader('Content-Type', 'text/javascript').end(code),
  )
  server.route('/app.html', (_request, response) =>
    response
      .setHeader('Content-Type', 'text/html')
      .end(PAGE.replace('DSN', collector.dsn).replace('RELEASE', server.release)),
  )
  await tab.goto(`${server.origin}/app.html`)
  await tab.waitFor(() => typeof rawFrames === 'function')
  await tab.click('#go')
  const [event] = await collector.waitForEvents(events => events.length === 1, server.release)
  const frames = event!.exception.values[0].stacktrace.frames as { filename?: string }[]
  const raw = await tab.run(() => rawFrames())
  expect(raw).toBeGreaterThan(1)
  expect(frames.filter(frame => frame.filename?.endsWith('/app.js'))).toHaveLength(raw - 1)
})

test('an error thrown through withScope has no frame of the script tag', async ({
  tab,
  server,
  collector,
}) => {
  void collector
  await tab.goto(server.url('kinds.html', { kind: 'thrown in a scope' }))
  await tab.run(() => {
    const script = document.createElement('script')
    script.textContent = `setTimeout(() => ohnoes.withScope(() => { throw new Error('in a scope') }))`
    document.head.append(script)
  })
  const [event] = await collector.waitForEvents(events => events.length === 1, server.release)
  const files = event!.exception.values[0].stacktrace.frames.map(
    (frame: { filename?: string }) => frame.filename,
  )
  expect(files.length).toBeGreaterThan(0)
  expect(files.filter((file: string) => file?.includes('ohnoes.js'))).toEqual([])
})
