// The three installs. The page's own code (pages/installs/page.js) is the same under each of them and without any, so
// that what its handlers see can be compared with a page that has none of ours.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, type Tab } from './browser.ts'
import type { StoredEvent } from './collector.ts'
import type { PageServer } from './server.ts'

type Api = typeof import('ohnoes')
declare const ohnoes: Api & { stub?: { queue: unknown[] } }
declare const ohnoesModule: Api
declare const seen: unknown[]
declare const times: Record<string, number>
declare const places: Record<string, string>
declare const install: () => void
declare const watch: (when: string) => void
declare const early: () => void
declare const earlyCalls: () => void
declare const late: () => void

/** What pages/installs/page.js does by itself: name → type of what was thrown. */
const EARLY: Record<string, string> = {
  'early error': 'TypeError',
  'early text': 'String',
  'early and bare': 'Error',
  'early and prevented': 'Error',
  'early and handled by onerror': 'Error',
  'early rejection': 'RangeError',
  'rejected and prevented': 'Error',
}
const LATE = { 'late error': 'TypeError', 'late rejection': 'RangeError' }
const CALLS = { 'early call': 'EvalError', 'early message': undefined }

test('a script tag reports what happens, with the options of its attributes', async ({
  tab,
  server,
  collector,
}) => {
  await tab.goto(server.url('installs/script.html'))
  await happenLate(tab)
  await tab.run(() => ohnoes.flush(10_000))
  const events = await collector.events(server.release)
  expect(told(events)).toEqual(await expected(tab, { ...EARLY, ...LATE }))
  expect(events[0]).toMatchObject({ environment: 'e2e', dist: '7' })
  expect(onlyBuilt(server)).toEqual(['dist/ohnoes.js'])
})

test('an ES module reports what happens after init', async ({ tab, server, collector }) => {
  await tab.goto(server.url('installs/esm.html'))
  // Now and then WebKitGTK 2.50 is done with the page before its modules are.
  await tab.waitFor(() => typeof ohnoesModule === 'object')
  await happenLate(tab)
  await tab.run(() => ohnoesModule.flush(10_000))
  const events = await collector.events(server.release)
  expect(told(events)).toEqual(await expected(tab, { ...EARLY, ...LATE }))
  expect(events[0]).toMatchObject({ environment: 'e2e', dist: '7' })
  expect(onlyBuilt(server)).toContain('dist/index.mjs')
  expect(onlyBuilt(server).filter(file => !file.endsWith('.mjs'))).toEqual([])
})

test('the snippet reports what came before the bundle, with its time and place, and nothing twice', async ({
  tab,
  server,
  collector,
}) => {
  await tab.goto(server.url('installs/snippet.html', { src: bundle(server, { delay: 2000 }), integrity: '' }))
  await tab.waitFor(() => !ohnoes.stub)
  const arrivedMs = await tab.run(() => performance.timeOrigin + performance.now())
  await happenLate(tab)
  await tab.run(() => ohnoes.flush(10_000))

  const events = await collector.events(server.release)
  expect(told(events)).toEqual(await expected(tab, { ...EARLY, ...CALLS, ...LATE }))
  const timesMs = await tab.run(() => times)
  for (const { name, timestampMs } of named(events))
    expect(Math.abs(timestampMs - timesMs[name]!), name).toBeLessThanOrEqual(50)
  expect(arrivedMs - timesMs['early message']!, 'the bundle came late').toBeGreaterThan(1000)

  // Calls and errors were done in the order in which they came: the tag is on what came after it.
  const tagged = events.filter(event => event.tags?.stage === 'early').map(event => nameOf(event))
  expect(tagged.sort()).toEqual([
    'early message',
    'early rejection',
    'late error',
    'late rejection',
    'rejected and prevented',
  ])
  expect(events.find(event => nameOf(event) === 'early message')!.level).toBe('warning')
  expect(await tab.run(() => ohnoes.getStats())).toMatchObject({ occurred: 11, sent: 11, dropped: {} })
})

test('the snippet loads a bundle that has the right hash', async ({ tab, server, collector }) => {
  const hashes = JSON.parse(await readFile('dist/integrity.json', 'utf8'))
  const integrity: string = hashes['ohnoes.js']
  await tab.goto(server.url('installs/snippet.html', { src: bundle(server), integrity }))
  await tab.waitFor(() => !ohnoes.stub)
  await happenLate(tab)
  await tab.run(() => ohnoes.flush(10_000))
  const events = await collector.events(server.release)
  expect(told(events)).toEqual(await expected(tab, { ...EARLY, ...CALLS, ...LATE }))
  expect(await tab.run(() => document.querySelector<HTMLScriptElement>('script[integrity]')!.integrity)).toBe(
    integrity,
  )
})

test('the snippet keeps what a page can call for, and counts what it does not keep', async ({
  tab,
  server,
  collector,
}) => {
  const release = server.hold('/dist/ohnoes.js')
  await tab.goto(server.url('installs/later.html', { src: bundle(server) }))
  await tab.waitFor(() => document.readyState === 'complete')
  await tab.run(() => {
    install()
    for (let n = 0; n < 150; n++)
      dispatchEvent(new ErrorEvent('error', { message: `early ${String.fromCharCode(97 + n)}` }))
  })
  release()
  await tab.waitFor(() => !ohnoes.stub)
  expect(await tab.run(() => ohnoes.flush(10_000))).toBe(true)
  const { occurred, sent, dropped } = await tab.run(() => ohnoes.getStats())
  expect(occurred).toBe(150)
  expect(sent + dropped.storm_control! + dropped.queue_overflow!).toBe(150)
  // The first ones, of which many happened in the same millisecond.
  const names = (await collector.events(server.release)).map(nameOf)
  expect(new Set(names)).toEqual(
    new Set(Array.from({ length: sent }, (_, n) => `early ${String.fromCharCode(97 + n)}`)),
  )
  expect(names).toHaveLength(sent)
})

test('the page may call init itself, under the snippet as well', async ({ tab, server, collector }) => {
  await tab.goto(server.url('installs/later.html', { src: bundle(server) }))
  await tab.waitFor(() => document.readyState === 'complete')
  await tab.run(
    (dsn, release) => {
      document.querySelector('#snippet')!.removeAttribute('data-dsn')
      install()
      ohnoes.captureMessage('before init')
      ohnoes.init({ dsn, release, environment: 'by the page' })
    },
    collector.dsn,
    server.release,
  )
  await tab.waitFor(() => !ohnoes.stub)
  expect(await tab.run(() => ohnoes.flush(10_000))).toBe(true)
  const events = await collector.events(server.release)
  expect(events.map(({ message, environment }) => [message, environment])).toEqual([
    ['before init', 'by the page'],
  ])
})

test('under a snippet that is switched off nothing is sent, whatever it has queued', async ({
  tab,
  server,
}) => {
  const posted: string[] = []
  for (const path of ['/api/1/envelope/', '/undefined', '/installs/undefined'])
    server.route(path, (request, response) => {
      posted.push(`${request.method} ${path}`)
      response.end()
    })
  await tab.goto(server.url('installs/later.html', { src: bundle(server) }))
  await tab.waitFor(() => document.readyState === 'complete')
  await tab.run(() => {
    document.querySelector<HTMLElement>('#snippet')!.dataset.enabled = 'false'
    install()
    dispatchEvent(new ErrorEvent('error', { error: new Error('queued') }))
    ohnoes.captureMessage('queued too')
  })
  await tab.waitFor(() => !ohnoes.stub)
  expect(await tab.run(() => ohnoes.flush(10_000))).toBe(true)
  expect(await tab.run(() => ohnoes.getStats())).toMatchObject({ occurred: 0, sent: 0, dropped: {} })
  expect(posted).toEqual([])
})

test('calls made before the bundle arrives can be chained and awaited', async ({ tab, server }) => {
  server.hold('/dist/ohnoes.js')
  await tab.goto(server.url('installs/later.html', { src: bundle(server) }))
  await tab.waitFor(() => document.readyState === 'complete')
  const answers = await tab.run(async () => {
    install()
    const stubbed = ohnoes as any
    stubbed.getCurrentScope().setTag('a', 'b').setTag('c', 'd')
    return [
      await stubbed.flush(),
      await stubbed.close(),
      String(stubbed.queue),
      typeof (await stubbed).captureMessage,
    ]
  })
  expect(answers).toEqual([false, false, expect.any(String), 'function'])
  expect(await tab.run(() => ohnoes.stub!.queue.length)).toBeGreaterThan(0)
})

const BLOCKED: Record<string, (server: PageServer) => Promise<{ src: string; integrity?: string }>> = {
  'refuses the connection': async () => ({ src: `${await closedOrigin()}/ohnoes.js` }),
  'answers 404': async server => ({ src: bundle(server, { status: 404 }) }),
  'serves a changed bundle': async server => ({ src: bundle(server), integrity: `sha384-${'A'.repeat(64)}` }),
}

for (const [what, where] of Object.entries(BLOCKED))
  test(`a CDN that ${what} leaves the page as it is without us`, async ({ tab, server, collector }) => {
    const { src, integrity = '' } = await where(server)
    await tab.goto(server.url('installs/snippet.html', { src, integrity }))
    await tab.waitFor(() => !ohnoes.stub!.queue.length)
    await expectAsWithout(tab, server)
    expect(await collector.events(server.release)).toEqual([])
  })

test('a CDN that never answers leaves the page as it is without us', async ({ tab, server, collector }) => {
  server.hold('/dist/ohnoes.js')
  await tab.goto(server.url('installs/later.html', { src: bundle(server) }))
  await tab.waitFor(() => document.readyState === 'complete')
  await tab.run(() => {
    install()
    watch('second')
    early()
    earlyCalls()
  })
  // The tag is one more.
  const queued = Object.keys({ ...EARLY, ...CALLS }).length + 1
  await tab.waitFor(length => ohnoes.stub!.queue.length === length, queued)
  await expectAsWithout(tab, server)
  expect(await collector.events(server.release)).toEqual([])
})

test('handlers of the page see the same with and without us, in the same order', async ({ tab, server }) => {
  for (const [install, global] of Object.entries({
    script: 'ohnoes',
    esm: 'ohnoesModule',
    snippet: 'ohnoes',
  })) {
    await tab.goto(server.url(`installs/${install}.html`, { src: bundle(server), integrity: '' }))
    await tab.waitFor(
      name => (window as unknown as Record<string, Api>)[name]?.isInitialized() === true,
      global,
    )
    await expectAsWithout(tab, server)
  }
})

/** Nothing but dist/ is ours on these pages. */
function onlyBuilt(server: PageServer): string[] {
  return server.served.filter(file => file.startsWith('dist/'))
}

/** The bundle on another origin, as on a CDN. */
function bundle(server: PageServer, options: Record<string, string | number> = {}): string {
  const url = server.url('dist/ohnoes.js', { header: 'Access-Control-Allow-Origin: *', ...options })
  return url.replace(server.origin, server.otherOrigin)
}

async function happenLate(tab: Tab): Promise<void> {
  await tab.run(() => late())
  await tab.waitFor(() => times['late rejection'])
}

/** Lets more go wrong, then compares all that the page saw with what it sees without ohnoes. */
async function expectAsWithout(tab: Tab, server: PageServer): Promise<void> {
  await happenLate(tab)
  const withUs = await tab.run(() => seen)
  const calls = await tab.run(() => {
    const { ohnoes } = window as { ohnoes?: Api }
    ohnoes?.captureException(new Error('of no interest'))
    ohnoes?.setTag('of', 'no interest')
    return 'returned'
  })
  expect(calls).toBe('returned')

  await tab.goto(server.url('installs/bare.html'))
  await happenLate(tab)
  const without = await tab.run(() => seen)
  // Two listeners and one property by each of two watches, less the property that was assigned anew.
  expect(without.length).toBeGreaterThanOrEqual(9 * 5)
  expect(withUs).toEqual(without)
}

interface Told {
  name: string
  type: string | undefined
  place: string
}

function told(events: StoredEvent[]): Told[] {
  return events.map(event => ({ name: nameOf(event), ...rootOf(event) })).sort(byName)
}

function named(events: StoredEvent[]): { name: string; timestampMs: number }[] {
  return events.map(event => ({ name: nameOf(event), timestampMs: event.timestamp * 1000 }))
}

function nameOf(event: StoredEvent): string {
  return event.exception?.values.at(-1).value ?? event.message
}

function rootOf(event: StoredEvent): Omit<Told, 'name'> {
  const root = event.exception?.values.at(-1)
  const top = root?.stacktrace?.frames.at(-1)
  return { type: root?.type, place: top ? `${top.lineno}:${top.colno}` : 'none' }
}

/** Each once: types by the table above, places by the page's own look at the error or its event. */
async function expected(tab: Tab, types: Record<string, string | undefined>): Promise<Told[]> {
  const bySelf = await tab.run(() => places)
  expect(bySelf['early and bare']).toBe('12:34')
  return Object.entries(types)
    .map(([name, type]) => ({ name, type, place: bySelf[name] ?? 'none' }))
    .sort(byName)
}

function byName(a: Told, b: Told): number {
  return a.name < b.name ? -1 : 1
}

/** Where nothing listens any more. */
async function closedOrigin(): Promise<string> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
