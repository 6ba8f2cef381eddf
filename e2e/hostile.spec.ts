// Pages that break what scripts rely on: each behaves with ohnoes as it does without, and what happens on it arrives or
// is accounted for.

import { fileURLToPath } from 'node:url'
import { expect, test, type Tab } from './browser.ts'
import { bundleForPage } from './page-bundle.mjs'
import type { PageServer } from './server.ts'

declare const ohnoes: typeof import('ohnoes')
declare const page: {
  seen: string[]
  isDone: boolean
  countStored(): Promise<number>
  empty(): Promise<unknown>
}

/** Scripts that run before and after ours, and what becomes of the error that the page then throws. */
interface Hostility {
  before?: string
  after?: string
  csp?: string
  /** `waits`: in the database; `hangs`: is in flight for ever. If not given: arrives, waits, or was dropped and counted. */
  fate?: 'arrives' | 'waits' | 'hangs'
  /** Of an error of its own making, which arrives as well. */
  text?: RegExp
  /** Whether its spies hear of us by nature: we use what they watch. */
  isHeard?: boolean
  /** What an earlier page left waits, too, and the collector is up only when the page has mended all. */
  isDown?: boolean
}

const WHEN = ['before', 'after'] as const
const BROKEN = ['fail', '() => {}']
/** Throwing, silent, and slow and spying; before us and after us. */
const everyWay = (object: string, name: string): Hostility[] =>
  WHEN.flatMap(when => [
    ...BROKEN.map(value => ({ [when]: `replace(${object}, '${name}', ${value})` })),
    {
      [when]:
        name === 'toJSON'
          ? `replace(${object}, '${name}', function () { hear('toJSON'); return this })`
          : `spy(${object}, '${name}')`,
      fate: 'arrives',
      isHeard: CALLED.includes(name) || (when === 'before' && KEPT.includes(name)),
    },
  ])
const NATIVES = ['fetch', 'XMLHttpRequest', 'Promise', 'crypto', 'console', 'Date', 'JSON']
const METHODS: Record<string, string[]> = {
  JSON: ['stringify', 'parse'],
  Date: ['now'],
  Object: ['defineProperty', 'keys'],
  crypto: ['getRandomValues'],
  'Promise.prototype': ['then'],
  'XMLHttpRequest.prototype': ['open'],
  'Object.prototype': ['toJSON'],
  'Array.prototype': ['toJSON'],
}
/** What we call by its name, of which a spy hears whenever it came; `then` is for the page's own requests. */
const CALLED = ['crypto', 'getRandomValues', 'Date', 'now', 'then', 'toJSON']
/** What we use as it was when we came, so that only a spy before us hears of it. */
const KEPT = ['fetch', 'XMLHttpRequest', 'JSON', 'stringify', 'parse', 'keys', 'console']
const ARRAY_METHODS = [
  'push',
  'pop',
  'shift',
  'unshift',
  'map',
  'filter',
  'forEach',
  'slice',
  'splice',
  'some',
  'find',
  'includes',
  'indexOf',
  'sort',
  'join',
  'concat',
  'reverse',
]
/** Has what waits a second or more happen while the page is broken. */
const HASTE = `replace(window, 'setTimeout', (job, ms, ...rest) => page.setTimeout.call(window, job, ms / 50, ...rest));`
const IN_FLIGHT = `window.ohnoes && ohnoes.captureException(new Error('in flight'));`
const PLAIN = { before: '', after: '', monitor: '/dist/ohnoes.js', brokenMs: 50 }

const HOSTILE: Record<string, Hostility | Hostility[]> = {
  'a strict CSP without the collector': {
    csp: `default-src 'none'; script-src 'nonce-{{nonce}}'; connect-src 'self'`,
    fate: 'waits',
  },
  'Trusted Types': {
    csp: `require-trusted-types-for 'script'; trusted-types 'none'`,
    fate: 'arrives',
  },
  'storage that is denied': {
    before: `for (const name of ['sessionStorage', 'localStorage', 'indexedDB'])
      Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })`,
    fate: 'arrives',
  },
  ...Object.fromEntries(NATIVES.map(name => [`another ${name}`, everyWay('window', name)])),
  ...Object.fromEntries(
    Object.entries(METHODS).map(([object, names]) => [
      `other methods of ${object}`,
      names.flatMap(name => everyWay(object, name)),
    ]),
  ),
  'array methods that throw': WHEN.map(when => ({
    [when]: `for (const name of ${JSON.stringify(ARRAY_METHODS)}) replace(Array.prototype, name, fail)`,
  })),
  ...Object.fromEntries(
    ARRAY_METHODS.map(name => [
      `another Array.prototype.${name}`,
      BROKEN.flatMap(value => {
        const script = `replace(Array.prototype, '${name}', ${value})`
        return [{ before: script }, { before: HASTE, after: IN_FLIGHT + script, isDown: true }]
      }),
    ]),
  ),
  'a fetch that never answers': WHEN.map(when => ({
    [when]: `replace(window, 'fetch', () => new Promise(() => {}))`,
    fate: when === 'after' ? 'arrives' : 'hangs',
  })),
  'frozen intrinsics': {
    before: `for (const { prototype } of [Object, Array, Function, Promise, Error, Date, Map, Set, XMLHttpRequest, History, EventTarget])
      Object.freeze(prototype)
      for (const object of [Object, Array, Function, Promise, Error, Date, JSON, Reflect, Math]) Object.freeze(object)`,
    fate: 'arrives',
  },
  'a page with an ohnoes of its own that throws': {
    before: `remove(window, 'ohnoes'); defineProperty(window, 'ohnoes', { get: fail, set: fail, configurable: true })`,
    fate: 'arrives',
  },
  'a page with odd globals': {
    before: `window.ohnoes = 'odd'; window.name = 'ohnoes'; Object.defineProperty(window, 'event', { value: 5 })`,
    fate: 'arrives',
  },
  // Of which no engine tells (https://html.spec.whatwg.org/#report-the-error: "in error reporting mode").
  'an error in the error handler of the page': {
    before: `addEventListener('error', () => { throw new Error('in the handler') }, { once: true })`,
    fate: 'arrives',
  },
  'an error in the rejection handler of the page': {
    before: `addEventListener('unhandledrejection', () => { throw new Error('in the handler') }, { once: true })`,
    // In this order.
    after: `addEventListener('error', () => { Promise.reject(new Error('rejected')) }, { once: true })`,
    fate: 'arrives',
    text: /in the handler/,
  },
  'a stack that overflows': {
    after: `const overflow = () => overflow(); page.setTimeout.call(window, () => overflow())`,
    fate: 'arrives',
    text: /Maximum call stack|too much recursion/,
  },
  'causes 10,000 deep': {
    after: `let cause; for (let n = 0; n < 1e4; n++) cause = new Error('n' + n, { cause }); page.setTimeout.call(window, () => { throw cause })`,
    fate: 'arrives',
    text: /n9999/,
  },
  'natives that are younger than ES2018': {
    before: `for (const [object, names] of [
        [window, ['globalThis', 'WeakRef', 'FinalizationRegistry', 'structuredClone', 'CompressionStream', 'BigInt', 'queueMicrotask', 'AggregateError', 'AsyncContext', 'scheduler']],
        [Object, ['fromEntries', 'hasOwn', 'groupBy']],
        [Array.prototype, ['flat', 'flatMap', 'at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']],
        [String.prototype, ['matchAll', 'replaceAll', 'trimStart', 'trimEnd', 'at', 'isWellFormed', 'toWellFormed']],
        [Promise, ['allSettled', 'any', 'withResolvers', 'try']],
        [AbortSignal, ['timeout', 'any']],
        [Crypto.prototype, ['randomUUID']],
      ]) for (const name of names) remove(object, name)`,
    fate: 'arrives',
  },
}

/** What is broken way by way takes minutes: `npm test` does each in one engine, `npm run hostile` in all. */
const isDue = (n: number, name: string, engine: string) =>
  process.env.HOSTILE === 'all' ||
  !/^(another|other methods of) /.test(name) ||
  ['chromium', 'firefox', 'webkit'][n % 3] === engine

const isSpied = (line: string) => line.startsWith('spied')

for (const [n, [name, cases]] of Object.entries(HOSTILE).entries())
  test(`${name}: the page is as without us`, async ({ tab, server }) => {
    test.skip(!isDue(n, name, tab.engine), 'npm run hostile')
    const collector = { isDown: false }
    const arrived = watch(server, collector)
    for (const { before = '', after = '', csp, fate, text, isHeard, isDown = false } of [cases].flat()) {
      const how = before + after
      const visit = async (options: object) => {
        const done = new Promise(resolve =>
          server.route('/done', (_request, response) => resolve(response.end())),
        )
        await tab.goto(server.url('hostile.html', { ...PLAIN, ...(csp && { csp }), ...options }))
        await done // Playwright itself needs globalThis
        return seen()
      }
      const seen = () => tab.run(() => page.seen)
      const heard = (lines: string[]) => lines.filter(isSpied)
      const compared = (lines: string[]) => lines.filter(line => !isHeard || !isSpied(line))

      const bare = await visit({ before, after, monitor: '/nothing.js' })
      expect(bare.join('\n')).toContain('provoked')
      if (how.includes('spy(')) expect(heard(bare), how).not.toEqual([])
      await tab.run(() => page.empty())
      collector.isDown = isDown
      if (isDown) {
        await visit({})
        await tab.waitFor(async () => (await page.countStored()) === 1)
      }
      arrived.length = 0
      const ours = await visit({ before, after, brokenMs: isDown ? 200 : PLAIN.brokenMs })
      expect(compared(ours), how).toEqual(compared(bare))
      if (isHeard) expect(heard(ours).length, how).toBeGreaterThan(heard(bare).length)
      collector.isDown = false
      if (fate === 'arrives') await expect.poll(() => arrived, how).toContain('provoked')
      if (text) await expect.poll(() => arrived.join('\n'), how).toMatch(text)
      const thrown = bare.filter(line => /^(error|rejection)/.test(line)).length + +isDown
      await expect
        .poll(() => whatIsMissing(tab, thrown, +isDown), how)
        .toEqual({ thrown: 0, settled: +(fate === 'hangs') })
      if (fate === 'waits') expect(await tab.run(() => page.countStored())).toBe(1)
      if (isDown) {
        await tab.run(() => void ohnoes.captureException(new Error('later')))
        await expect.poll(() => arrived, how).toContain('later')
      }
      expect(compared(await seen()), how).toEqual(compared(bare))
    }
  })

/**
 * Of what the page has thrown at least: how many did not occur; of what occurred, and of so many that waited before: how
 * many are neither sent, nor dropped and counted, nor in the database.
 */
const whatIsMissing = (tab: Tab, thrown: number, waited: number) =>
  tab.run(
    async (thrown, waited) => {
      const monitor = (window as { ohnoes?: typeof ohnoes }).ohnoes
      // One that could not start is as if it was not there.
      if (!monitor?.isInitialized?.()) return { thrown: 0, settled: 0 }
      dispatchEvent(new Event('online'))
      await monitor.flush(500)
      const { occurred, restored, sent, dropped } = monitor.getStats()
      const settled = Object.values(dropped).reduce((sum, n) => sum + n, sent)
      const waiting = (await page.countStored()) - (waited - restored)
      return { thrown: Math.max(0, thrown - occurred), settled: occurred + restored - settled - waiting }
    },
    thrown,
    waited,
  )

test('in a sandboxed frame without an origin an error arrives', async ({ tab, server }) => {
  const arrived = watch(server)
  server.route('/frame', (_request, response) => {
    const src = server.url('hostile.html', PLAIN)
    response.setHeader('Content-Type', 'text/html')
    response.end(
      `<!doctype html><iframe sandbox="allow-scripts" src="${src.replaceAll('&', '&amp;')}"></iframe>`,
    )
  })
  await tab.goto(`${server.origin}/frame`)
  // Of what has no origin WebKit says no more.
  await expect.poll(() => arrived).toContain(tab.engine === 'webkit' ? 'Script error.' : 'provoked')
})

test('5,000 errors in a loop, and what is written over the document, are counted', async ({
  tab,
  server,
}) => {
  const arrived = watch(server)
  await tab.goto(server.url('hostile.html', PLAIN))
  await tab.waitFor(() => page.isDone)
  await tab.run(() => {
    for (let n = 0; n < 5_000; n++) ohnoes.captureException(new Error(`n${n}`))
    document.write('<title>written</title>')
    ohnoes.captureException(new Error('after document.write'))
  })
  await tab.run(() => ohnoes.flush(10_000))
  const { occurred, sent, dropped } = await tab.run(() => ohnoes.getStats())
  expect(occurred).toBeGreaterThanOrEqual(5_002)
  await expect.poll(async () => (await tab.run(() => ohnoes.getStats())).sent).toBe(arrived.length)
  expect(sent + Object.values(dropped).reduce((sum, n) => sum + n, 0)).toBe(occurred)
})

test('two SDKs on one page hear of the same error, and not of each other', async ({ tab, server }) => {
  const arrived = watch(server)
  const sentry = await bundleForPage(fileURLToPath(import.meta.resolve('@sentry/browser')), 'Sentry')
  server.route('/sentry.js', (_request, response) => response.end(sentry))
  for (const order of ['sentry.js dist/ohnoes.js', 'dist/ohnoes.js sentry.js']) {
    arrived.length = 0
    server.route('/two', (_request, response) => {
      const scripts = order.split(' ').map(src => `<script src="/${src}" data-dsn="${server.dsn}"></script>`)
      response.setHeader('Content-Type', 'text/html')
      response.end(`<!doctype html>${scripts.join('')}<script>
        Sentry.init({ dsn: '${server.dsn.replace(/1$/, '2')}', defaultIntegrations: undefined })
        setTimeout(() => { throw new Error('provoked') })</script>`)
    })
    await tab.goto(`${server.origin}/two?${order.length}`)
    await expect.poll(() => [...arrived].sort(), order).toEqual(['provoked', 'sentry: provoked'])
  }
})

test('what a service worker answers in our place counts as the collector’s answer', async ({
  tab,
  server,
}) => {
  server.route('/worker.js', (_request, response) => {
    response.setHeader('Content-Type', 'text/javascript')
    response.end(`addEventListener('install', () => skipWaiting())
      addEventListener('activate', event => event.waitUntil(clients.claim()))
      addEventListener('fetch', event => {
        if (event.request.url.includes('/envelope/'))
          event.respondWith(event.request.url.includes('/9/') ? Response.error() : new Response('from the worker'))
      })`)
  })
  const visit = () => tab.goto(server.url('hostile.html', PLAIN))
  const arrived = watch(server)
  server.dsn = `${server.origin.replace('//', '//demo@')}/1`
  await tab.goto(server.url('harness.html'))
  await tab.run(async () => {
    await navigator.serviceWorker.register('/worker.js')
    await navigator.serviceWorker.ready
    if (!navigator.serviceWorker.controller)
      await new Promise(resolve => (navigator.serviceWorker.oncontrollerchange = resolve))
  })
  await visit()
  await tab.waitFor(() => ohnoes.getStats().sent === 1)
  server.dsn = server.dsn.replace(/1$/, '9')
  await visit()
  await tab.waitFor(() => page.isDone && ohnoes.getStats().occurred === 1)
  expect(await tab.run(() => ohnoes.flush(10_000))).toBe(true)
  const { sent, dropped } = await tab.run(() => ohnoes.getStats())
  // Firefox 153 does not ask workers about keepalive requests; the server knows no project 9.
  const isAsked = tab.engine !== 'firefox'
  expect({ sent, dropped }).toEqual({ sent: 0, dropped: isAsked ? {} : { send_error: 1 } })
  expect(arrived).toEqual(isAsked ? [] : ['provoked'])
})

/** Takes the place of a collector; the values of what came, those of Sentry's SDK with its name. */
function watch(server: PageServer, collector = { isDown: false }): string[] {
  const arrived: string[] = []
  const isFromSentry = (path: string) => path.includes('/2/')
  server.route('/nothing.js', (_request, response) => response.end())
  server.dsn = `${server.otherOrigin.replace('//', '//demo@')}/1`
  for (const project of [1, 2])
    server.route(`/api/${project}/envelope/`, (request, response, body) => {
      if (collector.isDown) return request.socket.destroy()
      for (const line of body.split('\n').slice(1)) {
        const { exception } = JSON.parse(line)
        if (exception)
          arrived.push((isFromSentry(request.url!) ? 'sentry: ' : '') + exception.values.at(-1).value)
      }
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('{}')
    })
  return arrived
}
