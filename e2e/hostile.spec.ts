// Pages that break what scripts rely on: each behaves with ohnoes as it does without, and what happens on it arrives or
// is accounted for.

import { fileURLToPath } from 'node:url'
import { expect, test, type Tab } from './browser.ts'
import { bundleForPage } from './page-bundle.mjs'
import type { PageServer } from './server.ts'

declare const ohnoes: typeof import('ohnoes')
declare const page: { seen: string[]; isDone: boolean }

/** Scripts that run before and after ours, and what becomes of the error that the page then throws. */
interface Hostility {
  before?: string
  after?: string
  csp?: string
  /** `accounted`: dropped and counted, or waiting; `any`: one of both. */
  fate?: 'arrives' | 'accounted' | 'any'
}

const WHEN = ['before', 'after'] as const
/** Throwing and silent, before us and after us. */
const everyWay = (object: string, name: string): Hostility[] =>
  ['fail', '() => {}'].flatMap(value =>
    WHEN.map(when => ({ [when]: `replace(${object}, '${name}', ${value})` })),
  )
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
const ARRAY_METHODS = [
  'push',
  'map',
  'filter',
  'forEach',
  'slice',
  'splice',
  'some',
  'includes',
  'sort',
  'join',
  'concat',
  'reverse',
  'unshift',
]

const HOSTILE: Record<string, Hostility | Hostility[]> = {
  'a strict CSP without the collector': {
    csp: `default-src 'none'; script-src 'nonce-{{nonce}}'; connect-src 'self'`,
    fate: 'accounted',
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
  ...Object.fromEntries(NATIVES.map(name => [`${name}, broken`, everyWay('window', name)])),
  ...Object.fromEntries(
    Object.entries(METHODS).map(([object, names]) => [
      `${object}, broken`,
      names.flatMap(name => everyWay(object, name)),
    ]),
  ),
  'array methods that throw': WHEN.map(when => ({
    [when]: `for (const name of ${JSON.stringify(ARRAY_METHODS)}) replace(Array.prototype, name, fail)`,
  })),
  'a fetch that spies': {
    before: `let spied = 0; { const { fetch } = window; replace(window, 'fetch', (...args) => { spied++; return fetch(...args) }) }`,
    fate: 'arrives',
  },
  'a fetch that never answers, after us': {
    after: `replace(window, 'fetch', () => new Promise(() => {}))`,
    fate: 'arrives',
  },
  'frozen intrinsics': {
    before: `for (const { prototype } of [Object, Array, Function, Promise, Error, Date, Map, Set, XMLHttpRequest, History, EventTarget])
      Object.freeze(prototype)
      for (const object of [Object, Array, Function, Promise, Error, Date, JSON, Reflect, Math]) Object.freeze(object)`,
    fate: 'arrives',
  },
  'a page with an ohnoes of its own that throws': {
    before: `remove(window, 'ohnoes'); defineProperty(window, 'ohnoes', { get: fail, set: fail, configurable: true })`,
  },
  'a page with odd globals': {
    before: `window.ohnoes = 'odd'; window.name = 'ohnoes'; Object.defineProperty(window, 'event', { value: 5 })`,
    fate: 'any',
  },
  'an error in the error handler of the page': {
    before: `addEventListener('error', () => { throw new Error('in the handler') }, { once: true })`,
    fate: 'arrives',
  },
  'a stack that overflows': {
    after: `const overflow = () => overflow(); page.setTimeout.call(window, () => overflow())`,
    fate: 'arrives',
  },
  'causes 10,000 deep': {
    after: `let cause; for (let n = 0; n < 1e4; n++) cause = new Error('n' + n, { cause }); page.setTimeout.call(window, () => { throw cause })`,
    fate: 'arrives',
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

for (const [name, cases] of Object.entries(HOSTILE))
  test(`${name}: the page is as without us`, async ({ tab, server }) => {
    const arrived = watch(server)
    for (const { before = '', after = '', csp = '', fate = 'any' } of [cases].flat()) {
      const visit = async (monitor: string) => {
        const done = new Promise(resolve =>
          server.route('/done', (_request, response) => resolve(response.end())),
        )
        await tab.goto(server.url('hostile.html', { before, after, monitor, ...(csp && { csp }) }))
        await done // Playwright itself needs globalThis
        return tab.run(() => page.seen)
      }
      const bare = await visit('/nothing.js')
      expect(bare.join('\n')).toContain('provoked')
      arrived.length = 0
      expect(await visit('/dist/ohnoes.js'), before + after).toEqual(bare)
      await expectFate(tab, arrived, fate)
    }
  })

async function expectFate(tab: Tab, arrived: string[], fate: Hostility['fate']): Promise<void> {
  if (fate === 'arrives') return expect.poll(() => arrived).toContain('provoked')
  const isAccounted = () =>
    tab.run(() => {
      const { occurred = 0, sent = 0 } = typeof ohnoes?.getStats === 'function' ? ohnoes.getStats() : {}
      return occurred > sent
    })
  // One that could not start is as if it was not there.
  const isAbsent = () => tab.run(() => typeof ohnoes?.isInitialized !== 'function' || !ohnoes.isInitialized())
  if (fate === 'accounted') return expect.poll(isAccounted).toBe(true)
  await expect
    .poll(async () => arrived.includes('provoked') || (await isAccounted()) || (await isAbsent()))
    .toBe(true)
}

test('in a sandboxed frame without an origin an error arrives', async ({ tab, server }) => {
  const arrived = watch(server)
  server.route('/frame', (_request, response) => {
    const src = server.url('hostile.html', { before: '', after: '', monitor: '/dist/ohnoes.js' })
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
  await tab.goto(server.url('hostile.html', { before: '', after: '', monitor: '/dist/ohnoes.js' }))
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
  const visit = () =>
    tab.goto(server.url('hostile.html', { before: '', after: '', monitor: '/dist/ohnoes.js' }))
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
  expect(await tab.run(() => ohnoes.getStats())).toMatchObject({ sent: 0, dropped: {} })
  // Firefox 153 does not ask workers about keepalive requests.
  expect(arrived).toEqual(tab.engine === 'firefox' ? ['provoked'] : [])
})

/** Takes the collector's place; the values of what came, those of Sentry's SDK with its name. */
function watch(server: PageServer): string[] {
  const arrived: string[] = []
  const isFromSentry = (path: string) => path.includes('/2/')
  server.route('/nothing.js', (_request, response) => response.end())
  server.dsn = `${server.otherOrigin.replace('//', '//demo@')}/1`
  for (const project of [1, 2])
    server.route(`/api/${project}/envelope/`, (request, response, body) => {
      for (const line of body.split('\n').slice(1)) {
        const { exception } = JSON.parse(line)
        if (exception)
          arrived.push((isFromSentry(request.url!) ? 'sentry: ' : '') + exception.values.at(-1).value)
      }
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('{}')
    })
  return arrived
}
