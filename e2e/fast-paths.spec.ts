// The back/forward cache and prerendering: a page with ohnoes is as fit for them as one without.

import { mkdtemp, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from './browser.ts'
import { startChild } from './child.mjs'
import { readyEngine } from './engines.mjs'
import type { PageServer } from './server.ts'

declare const ohnoes: typeof import('ohnoes')
declare const listened: Set<string>
declare const shown: { persisted: boolean; wasPrerendered: boolean; reasons: unknown }[]

const MONITORS = ['/nothing.js', '/dist/ohnoes.js']

const page = (server: PageServer, monitor: string) => server.url('fast-paths.html', { monitor })

test('nobody listens to unload or beforeunload', async ({ tab, server }) => {
  await tab.goto(page(server, '/dist/ohnoes.js'))
  await tab.run(() => void ohnoes.captureException(new Error('any')))
  const types = await tab.run(() => [...listened])
  expect(types).toContain('pagehide') // the ear is open
  for (const type of ['unload', 'beforeunload']) expect(types).not.toContain(type)
})

for (const fate of ['arrives', 'fails'])
  test(`a page comes out of the back/forward cache as it does without us, when its last report ${fate}`, async ({
    tab,
    server,
  }) => {
    const arrived: string[] = []
    server.route('/nothing.js', (_request, response) => response.end())
    server.route('/api/1/envelope/', (request, response, body) => {
      if (fate === 'fails') return request.socket.destroy()
      arrived.push(...[...body.matchAll(/"value":"(\w+ the cache)"/g)].map(([, value]) => value!))
      response.end('{}')
    })
    const found = []
    for (const monitor of MONITORS) {
      await tab.goto(page(server, monitor))
      await tab.run(() => {
        if (typeof ohnoes === 'object') ohnoes.captureException(new Error('before the cache'))
      })
      await tab.goto(server.url('harness.html'))
      await tab.back()
      found.push(await tab.waitFor(() => shown.at(-1)))
    }
    expect(found[1]).toEqual(found[0])
    if (tab.engine === 'chromium') expect(found[1]).toMatchObject({ persisted: true, reasons: null })
    await tab.run(() => void ohnoes.captureException(new Error('after the cache')))
    if (fate === 'arrives')
      await expect.poll(() => [...new Set(arrived)]).toEqual(['before the cache', 'after the cache'])
  })

test('a page is prerendered as it is without us, and reports', async ({ server }, { project }) => {
  test.skip(project.name !== 'chromium', 'only Chromium prerenders')
  // Without developer tools, which keep Chromium from prerendering: it is started with a page that does all by itself.
  for (const monitor of MONITORS) {
    const { answer, events } = await watchPrerendering(server, monitor)
    const profile = await mkdtemp(join(tmpdir(), 'ohnoes-e2e-'))
    const args = ['--headless=new', '--no-sandbox', '--no-first-run', `--user-data-dir=${profile}`]
    const { stop } = startChild(
      readyEngine('chromium').executablePath,
      [...args, `${server.origin}/before`],
      {
        stdio: 'ignore',
      },
    )
    expect(await answer, monitor).toBe('prerendered')
    if (monitor !== '/nothing.js') await expect.poll(() => events.join()).toContain('while prerendered')
    await stop()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** Routes of a page that has another one prerendered, and goes there once its script has run. */
async function watchPrerendering(server: PageServer, monitor: string) {
  const events: string[] = []
  const html = (response: ServerResponse, text: string) =>
    response.setHeader('Content-Type', 'text/html').end(`<!doctype html>${text}`)
  server.route('/nothing.js', (_request, response) => response.end())
  server.route('/before', (_request, response) =>
    html(
      response,
      `<script type="speculationrules">{"prerender":[{"urls":["/after"],"eagerness":"immediate"}]}</script>
      <script>fetch('/ready').then(() => (location.href = '/after'))</script>`,
    ),
  )
  const ran = new Promise<void>(resolve =>
    server.route('/ran', (_request, response) => (response.end(), resolve())),
  )
  server.route('/ready', async (_request, response) => {
    await ran
    response.end()
  })
  server.route('/after', (_request, response) =>
    html(
      response,
      `<script src="${monitor}" data-dsn="${server.dsn}"></script>
      <script>
        if (window.ohnoes) ohnoes.captureException(new Error('while prerendered'))
        const how = document.prerendering ? 'prerendered' : 'loaded'
        const tell = () => fetch('/answer?' + how)
        fetch('/ran')
        document.prerendering ? document.addEventListener('prerenderingchange', tell) : tell()
      </script>`,
    ),
  )
  server.route('/api/1/envelope/', (_request, response, body) => {
    events.push(body)
    response.end('{}')
  })
  const answer = new Promise<string>(resolve =>
    server.route('/answer', (request, response) => (response.end(), resolve(request.url!.split('?')[1]!))),
  )
  return { answer, events }
}
