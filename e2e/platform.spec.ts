// What web pages may rely on of fetch, XMLHttpRequest, history and console, seen on a page with ohnoes and on one
// without: the notes of both must be the same, but for what is KNOWN.

import { readFile } from 'node:fs/promises'
import { expect, test, type Engine, type Tab } from './browser.ts'
import type { PageServer } from './server.ts'

declare const behaviours: Record<string, Record<string, unknown>>
declare const observe: (group: string, name: string) => Promise<string[]>
declare const PATCHABLE: Record<string, unknown>
declare const recorded: string[]
declare const inOrder: (note: () => void, name: string, steps: string[]) => Promise<void>

/** One note that is another with ohnoes. */
interface Difference {
  behaviour: string
  bare: string | undefined
  watched: string | undefined
}

interface KnownDifference extends Difference {
  /** As docs/pages.md says it. */
  what: string
  /** Where it is seen, if not everywhere. */
  engines?: Engine[]
  hasNavigation?: boolean
}

const unnamed = (behaviour: string, name: string): KnownDifference => ({
  what: 'the text of a patched function does not name it',
  behaviour,
  bare: `text of ${name} true true named`,
  watched: `text of ${name} true true unnamed`,
})

const unconstructed = (behaviour: string): KnownDifference => ({
  what: 'the `constructor` of sockets is the `WebSocket` that was there before',
  behaviour,
  bare: 'constructor true',
  watched: 'constructor false',
})

const lookedAt = (what: string, looks: string): KnownDifference => ({
  what: 'console methods that are recorded look at what they are given',
  behaviour: 'console: asks nothing of what it is given',
  bare: `${what} `,
  watched: `${what} ${looks}`,
})

const leftBehind = (name: string, result: string): KnownDifference => ({
  what: 'taking back, after `close`, a patch that was made after `init` brings our wrapper back, which does nothing',
  behaviour: 'order: start patch use close unpatch use',
  bare: `${name} is native ${result}`,
  watched: `${name} is another ${result}`,
})

const KNOWN: KnownDifference[] = [
  unnamed('fetch: is the same kind of function', 'fetch'),
  unnamed('XMLHttpRequest: has the same functions', 'open'),
  unnamed('WebSocket: is the same kind of function', 'WebSocket'),
  unnamed('console: has the same functions', 'warn'),
  unnamed('console: has the same functions', 'error'),
  // The history is patched where it has no events.
  { ...unnamed('history: has the same functions', 'pushState'), hasNavigation: false },
  { ...unnamed('history: has the same functions', 'replaceState'), hasNavigation: false },
  {
    what: 'the stack of a failed `fetch` has a frame of ours',
    behaviour: 'responses: leaves its caller on the stack of a failure',
    bare: 'true false 1',
    watched: 'true true 1',
    engines: ['chromium'],
  },
  {
    what: '`fetch` answers one microtask later',
    behaviour: 'fetches: answer as soon',
    bare: 'microtasks 1',
    watched: 'microtasks 2',
  },
  {
    what: '`fetch` loses properties that the page’s own `fetch` under it has put on the promise',
    behaviour: 'fetches: keep the kind of promise and its properties',
    bare: 'own abort',
    watched: 'own ',
  },
  {
    what: '`fetch` asks a Proxy in place of its options for one property descriptor',
    behaviour: 'fetch: does to a Proxy what it does',
    bare: 'and ',
    watched: 'and getOwnPropertyDescriptor method',
  },
  unconstructed('WebSocket: is the same kind of function'),
  unconstructed('WebSocket: makes the same objects'),
  lookedAt('tagged', 'its tag'),
  lookedAt('thrown', 'its name,its message'),
  lookedAt('trapped', 'get Symbol(Symbol.toStringTag),ownKeys undefined,getOwnPropertyDescriptor tea'),
  {
    what: 'changing a field reads its `type` and `value`',
    behaviour: 'clicks: run no code of a custom element',
    bare: 'change ',
    watched: 'change type,value',
  },
  leftBehind('fetch', '200'),
  leftBehind('open', '200'),
  leftBehind('warn', 'gives undefined undefined'),
  { ...leftBehind('pushState', 'gives undefined undefined'), hasNavigation: false },
]

const GROUPS = [
  'fetch',
  'responses',
  'fetches',
  'XMLHttpRequest',
  'events of XMLHttpRequest',
  'WebSocket',
  'history',
  'console',
  'clicks',
  'order',
]

for (const group of GROUPS)
  test(`${group}: as on a page without ohnoes, but for the differences that are known`, async ({
    open,
    server,
  }) => {
    serveAnswers(server)
    const bare = await visit(await open(), server, 'nothing.js')
    const watched = await visit(await open(), server, '/dist/ohnoes.js')
    const differences: Difference[] = []
    for (const name of await bare.run(group => Object.keys(behaviours[group]!), group)) {
      const behaviour = `${group}: ${name}`
      const before = await notesOf(bare, group, name)
      const after = await notesOf(watched, group, name)
      expect(before.length, `${behaviour} notes something`).toBeGreaterThan(0)
      for (let i = 0; i < Math.max(before.length, after.length); i++)
        if (before[i] !== after[i]) differences.push({ behaviour, bare: before[i], watched: after[i] })
    }
    expect(sorted(differences)).toEqual(sorted(await knownDifferences(group, bare)))
  })

test('docs/pages.md lists the differences that are known, and no others', async () => {
  const page = await readFile(new URL('../docs/pages.md', import.meta.url), 'utf8')
  const [, list = ''] = /^# What differs on a watched page\n+[^]*?\n\n((?:- .*\n)+)/m.exec(page) ?? []
  const listed = [...list.matchAll(/^- (.*)$/gm)].map(([, item]) => item)
  expect(listed).toEqual(
    [...new Set(KNOWN.map(({ what }) => what))].map(what => expect.stringContaining(what)),
  )
})

test('what the page does is recorded once between init and close, whoever patched first', async ({
  tab,
  server,
}) => {
  serveAnswers(server)
  await visit(tab, server, '/dist/ohnoes.js')
  const names = await tab.run(() => Object.keys(PATCHABLE))
  const hasNavigation = await tab.run(() => 'navigation' in window)
  const orders = await tab.run(() => Object.keys(behaviours.order!))
  expect(names.length * orders.length).toBeGreaterThan(0)
  for (const order of orders)
    for (const name of names) {
      const steps = order.split(' ')
      const crumbs = await tab.run(
        async (name, steps) => {
          recorded.length = 0
          await inOrder(() => {}, name, steps)
          return recorded
        },
        name,
        steps,
      )
      expect(crumbs, `${name}: ${order}`).toHaveLength(
        usesWhileWatched(steps, name === 'pushState' && hasNavigation),
      )
    }
})

/** A page that puts back what was there before `init` takes us away, too, unless there is an event to listen to. */
function usesWhileWatched(steps: string[], hasEvent: boolean): number {
  const isOurs = hasEvent || steps.indexOf('start') < steps.indexOf('patch')
  let isWatched = false
  return steps.filter(step => {
    if (step === 'start') isWatched = true
    if (step === 'close' || (step === 'unpatch' && !isOurs)) isWatched = false
    return step === 'use' && isWatched
  }).length
}

async function knownDifferences(group: string, tab: Tab): Promise<Difference[]> {
  const isHere = await tab.run(() => 'navigation' in window)
  return KNOWN.filter(
    ({ behaviour, engines = [tab.engine], hasNavigation = isHere }) =>
      behaviour.startsWith(`${group}: `) && engines.includes(tab.engine) && hasNavigation === isHere,
  ).map(({ behaviour, bare, watched }) => ({ behaviour, bare, watched }))
}

const sorted = (differences: Difference[]) =>
  differences.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))

/** Without the one thing in the page's address that tells the two pages apart. */
async function notesOf(tab: Tab, group: string, behaviour: string): Promise<string[]> {
  const notes = await tab.run((group, behaviour) => observe(group, behaviour), group, behaviour)
  return notes.map(note => note.replace(/monitor=[\w.%]+/, 'monitor'))
}

async function visit(tab: Tab, server: PageServer, monitor: string) {
  await tab.goto(server.url('platform/page.html', { monitor }))
  return tab
}

function serveAnswers(server: PageServer) {
  const text = { 'Content-Type': 'text/plain; charset=utf-8' }
  let preflights = 0
  let endParts = () => {}
  server.route('/api/1/envelope/', (_request, response) => response.end('{}'))
  server.route('/echo', ({ method, url, headers }, response, body) => {
    response.writeHead(200, text).end(JSON.stringify({ method, url, headers, body }))
  })
  server.route('/json', (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"tea":["green","black"]}')
  })
  server.route('/xml', (_request, response) => response.writeHead(200, text).end('<tea>green</tea>'))
  server.route('/missing', (_request, response) => response.writeHead(404, text).end('sold out'))
  server.route('/broken', request => request.socket.destroy())
  server.route('/never', () => {})
  server.route('/redirect', (_request, response) => {
    response.writeHead(302, { Location: '/missing?redirected', 'X-Tea': 'green' }).end()
  })
  server.route('/closed', (_request, response) => response.writeHead(200, text).end('closed'))
  server.route('/open', ({ method, headers }, response, body) => {
    if (method === 'OPTIONS') preflights++
    response.writeHead(200, { ...text, 'Access-Control-Allow-Origin': '*' })
    response.end(JSON.stringify({ method, headers, body }))
  })
  server.route('/preflights', (_request, response) => response.end(`${preflights} preflights`))
  server.route('/parts', (_request, response) => {
    response.writeHead(200, text)
    response.write('1'.padEnd(4096)) // more than an engine wants to see before it hands anything on
    endParts = () => response.end('2')
  })
  server.route('/next-part', (_request, response) => {
    endParts()
    response.end()
  })
}
