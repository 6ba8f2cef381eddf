// Local variables from a minified build in each engine to the collector's API and its page: which frames show theirs.

import { fileURLToPath } from 'node:url'
import { randomUUID } from 'node:crypto'
import { type Built, buildInstrumented } from '../plugin/test/build-instrumented.ts'
import { expect, test } from './browser.ts'
import { startCollector, type Collector, type StoredEvent } from './collector.ts'
import type { PageServer } from './server.ts'
import { attachColumn } from './table-reporter.ts'

interface Failure {
  fail: () => unknown
  shows: Record<string, object[]>
}
declare const failures: Record<string, Failure>
declare const ohnoes: typeof import('ohnoes')

let built: Built
test.beforeAll(async () => {
  built = await buildInstrumented(fileURLToPath(new URL('pages/locals/failures.ts', import.meta.url)))
})

test('frames of a minified build show the variables of their functions', async ({
  tab,
  server,
  collector,
}) => {
  test.setTimeout(120_000)
  await serve(server, collector)
  await tab.goto(server.url('locals.html'))
  await tab.waitFor(() => typeof failures === 'object')
  const names = await tab.run(() => Object.keys(failures))
  for (const name of names) {
    await tab.run(name => {
      ohnoes.setTag('failure', name)
      setTimeout(() => failures[name]!.fail())
    }, name)
    await tab.waitFor(count => ohnoes.getStats().sent == count, names.indexOf(name) + 1)
  }
  const events = await collector.waitForEvents(({ length }) => length === names.length, server.release)
  const shows = await tab.run(() =>
    Object.fromEntries(Object.entries(failures).map(([name, { shows }]) => [name, shows])),
  )

  const cells: Record<string, string> = {}
  let [right, all] = [0, 0]
  for (const name of names) {
    const event = events.find(({ tags }) => tags.failure === name)!
    const found = check(event, shows[name]!)
    right += found.filter(problem => problem === '').length
    all += found.length
    cells[name] = found.filter(Boolean).join('; ') || `${found.length} frames right`
  }
  cells['frames in all'] = `${right} of ${all} right`
  await attachColumn(test.info(), { table: 'variables of frames', cells })
  expect(all).toBeGreaterThan(40)
  expect(right / all, JSON.stringify(cells, null, 2)).toBeGreaterThanOrEqual(0.95)
  const values = events.flatMap(({ exception }) =>
    exception.values.flatMap(({ ohnoes_locals, stacktrace }: StoredEvent) => [
      ohnoes_locals,
      stacktrace.frames.map(({ vars }: StoredEvent) => vars),
    ]),
  )
  expect(JSON.stringify(values)).not.toMatch(/hunter2|"abc"/)

  const { event_id } = events.find(({ tags }) => tags.failure === 'an event')!
  await tab.goto(`${collector.url}/projects/1/events/${event_id}`)
  const variables = await tab.run(() =>
    [...document.querySelectorAll('.variables > div')].map(({ textContent }) => textContent),
  )
  expect(variables).toEqual(
    expect.arrayContaining(['item{name: "tea", price: null}', 'target<button[id="buy"]>', 'type"click"']),
  )
})

test('an error of the demo shop shows the variables of its frames in the dashboard', async ({ tab }) => {
  const shop = await startCollector(fileURLToPath(new URL('../demo/start.mjs', import.meta.url)))
  try {
    await tab.goto(`${shop.url}/demo/`)
    await tab.click('button[aria-label="Order ten Assam"]')
    const [event] = await shop.waitForEvents(({ length }) => length === 1)
    await tab.goto(`${shop.url}/projects/1/events/${event!.event_id}`)
    const variables = await tab.run(() =>
      [...document.querySelectorAll('.variables > div')].map(({ textContent }) => textContent),
    )
    expect(variables).toEqual(expect.arrayContaining(['sku"assam"', 'wanted10', 'stock0']))
  } finally {
    await shop.close()
  }
})

/** Of each frame that is to show variables: what is wrong with it, or nothing. */
function check(event: StoredEvent, shows: Record<string, object[]>): string[] {
  const frames: StoredEvent[] = event.exception.values.at(-1).stacktrace.frames.toReversed()
  const seen = new Map<string, number>()
  return frames.flatMap(frame => {
    const name: string = frame.function ?? ''
    const expected = frame.filename?.endsWith('failures.ts') ? shows[name] : undefined
    if (!expected) return []
    const call = seen.get(name) ?? 0
    seen.set(name, call + 1)
    const wanted = expected[call]
    if (!wanted) return [`${name} was called ${call + 1} times`]
    return [sameVars(frame.vars, wanted) ? '' : `${name} shows ${JSON.stringify(frame.vars)}`]
  })
}

/** Whatever their order. */
function sameVars(actual: object | undefined, wanted: object): boolean {
  const sorted = (vars: object) => JSON.stringify(Object.entries(vars).sort(([a], [b]) => (a < b ? -1 : 1)))
  return !!actual && sorted(actual) === sorted(wanted)
}

/** The build, whose map the collector gets; the page knows its debug id as a plugin would have told it. */
async function serve(server: PageServer, collector: Collector): Promise<void> {
  const debugId = randomUUID()
  const url = `${server.origin}/built/failures.js`
  server.route('/built/failures.js', (_request, response) =>
    response
      .writeHead(200, { 'Content-Type': 'text/javascript' })
      .end(`${built.code}\n;(self._ohnoesDebugIds ??= {})[${JSON.stringify(url)}] = '${debugId}'`),
  )
  const token = (await collector.command('token', 'create', '1', 'upload')).split('\n')[0]!
  const form = new FormData()
  form.set('debug_id', debugId)
  for (const [name, text] of Object.entries(built)) form.set(name, new Blob([text]), name)
  const response = await fetch(`${collector.url}/api/1/artifacts`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${token}` },
  })
  expect(response.status).toBe(201)
}
