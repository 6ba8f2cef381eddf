// The public API in a page: what each call and option does to what the collector stores, and to the ledger.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test as base } from './browser.ts'
import type { StoredEvent } from './collector.ts'

type Api = typeof import('ohnoes')
declare const ohnoes: Api
declare const logged: string[][]

interface ApiPage {
  /** Runs a function on a new page, with DSN and release of the test, and waits until all it reported has left. */
  run<A extends unknown[], R>(fn: (to: Destination, ...args: A) => R, ...args: A): Promise<Awaited<R>>
  /** What is stored of the test. */
  events(): Promise<StoredEvent[]>
  /** The same by the root exception's value; each value once. */
  byValue(): Promise<Record<string, StoredEvent>>
  /** The ledger, in which after a flush everything that occurred is accounted for. */
  balance(): Promise<ReturnType<Api['getStats']>>
}

interface Destination {
  dsn: string
  release: string
}

const test = base.extend<{ api: ApiPage }>({
  api: async ({ tab, server, collector }, use) => {
    const events = () => collector.events(server.release)
    await use({
      run: async <A extends unknown[], R>(
        fn: (to: Destination, ...args: A) => R,
        ...args: A
      ): Promise<Awaited<R>> => {
        await tab.goto(server.url('api.html'))
        const result = await tab.run(fn, { dsn: collector.dsn, release: server.release }, ...args)
        expect(await tab.run(() => ohnoes.flush(10_000))).toBe(true)
        return result
      },
      events,
      byValue: async () => {
        const stored = await events()
        const found = Object.fromEntries(stored.map(event => [event.exception.values.at(-1).value, event]))
        expect(Object.keys(found)).toHaveLength(stored.length)
        return found
      },
      balance: async () => {
        const stats = await tab.run(() => ohnoes.getStats())
        const dropped = Object.values(stats.dropped).reduce((sum, n) => sum + n, 0)
        expect(stats.sent + dropped).toBe(stats.occurred)
        return stats
      },
    })
  },
})

test('scopes put user, tags, extra and contexts on the events under them, and not on others', async ({
  api,
}) => {
  const ids = await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    ohnoes.setUser({ id: 7, username: 'ada' })
    ohnoes.setTag('a', 1)
    ohnoes.setTags({ b: 'two', a: 'one' })
    ohnoes.setExtra('cart', { items: ['tea'], token: 'of access' })
    ohnoes.setExtras({ step: 3 })
    ohnoes.setContext('shop', { currency: 'EUR' })
    const inside = ohnoes.withScope(scope => {
      scope.setTag('inside', 'yes').setLevel('fatal').setFingerprint(['mine'])
      scope.setUser({ id: 8 })
      scope.setContext('shop', { currency: 'USD' })
      return ohnoes.captureException(new Error('inside'))
    })
    ohnoes.getCurrentScope().setTag('current', 'yes')
    const outside = ohnoes.captureException(new Error('outside'), { tags: { own: 'yes' }, level: 'warning' })
    ohnoes.setContext('shop', null)
    ohnoes.setUser(null)
    const last = ohnoes.captureException(new Error('last'), scope => scope.setExtra('step', 4))
    return { inside, outside, last, lastId: ohnoes.lastEventId() }
  })
  expect(ids.last).toMatch(/^[0-9a-f]{32}$/)
  expect(ids.lastId).toBe(ids.last)
  const { inside, outside, last } = await api.byValue()
  expect(inside).toMatchObject({
    event_id: ids.inside,
    level: 'fatal',
    fingerprint: ['mine'],
    user: { id: 8 },
    tags: { a: 'one', b: 'two', inside: 'yes' },
    extra: { cart: { items: ['tea'], token: '[Filtered]' }, step: 3 },
    contexts: { shop: { currency: 'USD' } },
  })
  expect(outside).toMatchObject({
    event_id: ids.outside,
    level: 'warning',
    user: { id: 7, username: 'ada' },
    contexts: { shop: { currency: 'EUR' } },
  })
  expect(outside!.tags).toEqual({ a: 'one', b: 'two', current: 'yes', own: 'yes' })
  expect(outside!.fingerprint ?? []).toEqual([])
  expect(last!.tags).toEqual({ a: 'one', b: 'two', current: 'yes' })
  expect(last!.extra.step).toBe(4)
  expect(last!.user ?? null).toBeNull()
  expect(last!.contexts?.shop ?? null).toBeNull()
})

test('asynchronous scopes that run at once do not leak, where they are passed on', async ({ api }) => {
  await api.run(async ({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    const later = () => new Promise(resolve => setTimeout(resolve))
    const job = (name: string) =>
      ohnoes.withScope(async scope => {
        scope.setTag('job', name)
        await later()
        scope.setExtra('step', name)
        await later()
        ohnoes.captureException(new Error(`${name} by its scope`), scope)
        ohnoes.captureException(new Error(`${name} by a context`), { tags: { own: name } })
        ohnoes.captureException(new Error(`${name} by a function`), own => own.setTag('own', name))
      })
    await Promise.all([job('tea'), job('milk')])
    ohnoes.captureException(new Error('afterwards'))
  })
  const events = await api.byValue()
  for (const name of ['tea', 'milk']) {
    expect(events[`${name} by its scope`]).toMatchObject({ tags: { job: name }, extra: { step: name } })
    expect(events[`${name} by a context`]!.tags).toEqual({ own: name })
    expect(events[`${name} by a function`]!.tags).toEqual({ own: name })
  }
  expect(events.afterwards!.tags ?? {}).toEqual({})
})

test('initialScope is on every event, plain or made by a function, and later calls win', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    const plain = { user: { id: 7 }, tags: { a: 'one', b: 'one' }, extra: { token: 'of access' } }
    ohnoes.init({ dsn, release, initialScope: plain })
    ohnoes.setTag('b', 'two')
    ohnoes.captureException(new Error('plain'))
    ohnoes.init({ dsn, release, initialScope: scope => scope.setTag('c', 'three') })
    ohnoes.captureException(new Error('function'))
  })
  const events = await api.byValue()
  expect(events.plain).toMatchObject({ user: { id: 7 }, extra: { token: '[Filtered]' } })
  expect(events.plain!.tags).toEqual({ a: 'one', b: 'two' })
  expect(events.function!.tags).toEqual({ a: 'one', b: 'two', c: 'three' })
})

test('of feature flags the last 100 arrive, each with its last value', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    for (let n = 0; n < 102; n++) ohnoes.addFeatureFlag(`flag ${n}`, true)
    ohnoes.addFeatureFlag('flag 50', 'other')
    ohnoes.captureException(new Error('flagged'))
  })
  const { flagged } = await api.byValue()
  const flags = Array.from({ length: 100 }, (_, n) => ({ flag: `flag ${n + 2}`, result: true }))
  flags.splice(48, 1)
  expect(flagged!.contexts.flags.values).toEqual([...flags, { flag: 'flag 50', result: 'other' }])
})

test('messages and events of the page arrive with their level and content', async ({ api }) => {
  const ids = await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    return [
      ohnoes.captureMessage('by default'),
      ...(['fatal', 'error', 'warning', 'log', 'info', 'debug'] as const).map(level =>
        ohnoes.captureMessage(`as ${level}`, level),
      ),
      ohnoes.captureMessage('with tags', { level: 'warning', tags: { a: 'b' } }),
      ohnoes.captureEvent({
        message: 'made by the page',
        level: 'fatal',
        extra: { deep: { er: 1 } },
        tags: { c: 'd' },
        fingerprint: ['f'],
      }),
    ]
  })
  const events = await api.events()
  expect(new Set(events.map(event => event.event_id))).toEqual(new Set(ids))
  const rows = events.map(({ message, level }) => `${message}: ${level}`)
  expect(rows.sort()).toEqual([
    'as debug: debug',
    'as error: error',
    'as fatal: fatal',
    'as info: info',
    'as log: log',
    'as warning: warning',
    'by default: info',
    'made by the page: fatal',
    'with tags: warning',
  ])
  expect(events.find(({ message }) => message === 'with tags')!.tags).toEqual({ a: 'b' })
  const made = events.find(({ message }) => message === 'made by the page')!
  expect(made).toMatchObject({ extra: { deep: { er: 1 } }, tags: { c: 'd' }, fingerprint: ['f'] })
})

test('breadcrumbs arrive oldest first, the last ones', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release, maxBreadcrumbs: 3 })
    for (let n = 1; n <= 5; n++)
      ohnoes.addBreadcrumb({ category: 'test', message: `crumb ${n}`, data: { n, password: 'x' } })
    ohnoes.captureException(new Error('after'))
  })
  const { after } = await api.byValue()
  expect(after!.breadcrumbs).toMatchObject([
    { message: 'crumb 3', data: { n: 3, password: '[Filtered]' } },
    { message: 'crumb 4' },
    { message: 'crumb 5' },
  ])
})

test('what becomes of the page leaves breadcrumbs: the network, whether it is seen, the back/forward cache', async ({
  api,
}) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    ohnoes.captureException(new Error('before'))
    dispatchEvent(new Event('offline'))
    dispatchEvent(new Event('online'))
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
    delete (document as { visibilityState?: string }).visibilityState
    document.dispatchEvent(new Event('visibilitychange'))
    for (const persisted of [false, true])
      for (const type of ['pagehide', 'pageshow']) dispatchEvent(new PageTransitionEvent(type, { persisted }))
    ohnoes.captureException(new Error('after'))
  })
  const { before, after } = await api.byValue()
  const crumbs = after!.breadcrumbs.filter(({ category }: { category: string }) => category === 'page')
  expect(crumbs.map(({ message }: { message: string }) => message)).toEqual([
    'offline',
    'online',
    'hidden',
    'visible',
    'pagehide',
    'pageshow',
  ])
  expect([before, after].map(event => event!.contexts.page.isRestored)).toEqual([false, true])
})

test('a socket leaves its close code', async ({ api }) => {
  const sockets = createServer().on('upgrade', ({ headers }, socket) => {
    const key = headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11' // RFC 6455, 1.3
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    socket.end(Buffer.from([0x88, 2, 4001 >> 8, 4001 & 0xff]))
  })
  await once(sockets.listen(0, '127.0.0.1'), 'listening')
  const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`
  await api.run(async ({ dsn, release }, url) => {
    ohnoes.init({ dsn, release })
    const socket = new WebSocket(`${url}?token=1`)
    await new Promise(resolve => (socket.onclose = resolve))
    ohnoes.captureException(new Error('closed'))
  }, url)
  sockets.close()
  const { closed } = await api.byValue()
  expect(closed!.breadcrumbs).toEqual([
    {
      timestamp: expect.any(Number),
      category: 'websocket',
      data: { url: `${url}?token=[Filtered]`, code: 4001 },
    },
  ])
})

test('an event tells whether its page is in a frame', async ({ api }) => {
  await api.run(async ({ dsn, release }) => {
    const frame = Object.assign(document.createElement('iframe'), { src: 'api.html' })
    document.body.append(frame)
    await new Promise(resolve => (frame.onload = resolve))
    const inner = (frame.contentWindow as unknown as { ohnoes: Api }).ohnoes
    ohnoes.init({ dsn, release })
    inner.init({ dsn, release })
    ohnoes.captureException(new Error('top'))
    inner.captureException(new Error('frame'))
    await inner.flush(10_000)
  })
  const { top, frame } = await api.byValue()
  expect([top, frame].map(event => event!.contexts.page.in_iframe)).toEqual([false, true])
})

test('beforeSend drops, changes, or fails without effect, and what it does is counted', async ({ api }) => {
  const stats = await api.run(({ dsn, release }) => {
    ohnoes.init({
      dsn,
      release,
      beforeSend(event, hint) {
        const { message } = hint.originalException as Error
        if (message === 'drop') return null
        if (message === 'throw') {
          event.tags = { half: 'scrubbed' }
          throw new Error('by beforeSend')
        }
        if (message === 'again') ohnoes.captureException(new Error('from within'))
        return { ...event, tags: { seen: message } }
      },
    })
    const ids = ['keep', 'drop', 'throw', 'again'].map(text => ohnoes.captureException(new Error(text)))
    return { ids: ids.map(id => !!id), last: ohnoes.lastEventId() === ids[3] }
  })
  expect(stats).toEqual({ ids: [true, false, true, true], last: true })
  const events = await api.byValue()
  expect(Object.keys(events).sort()).toEqual(['again', 'keep', 'throw'])
  expect(events.keep!.tags).toEqual({ seen: 'keep' })
  expect(events.throw!.tags).toEqual({ failed_hook: 'true' })
  const ledger = await api.balance()
  expect(ledger).toMatchObject({ occurred: 5, sent: 3, dropped: { before_send: 1 }, hookErrors: 1 })
})

test('event processors see each event in turn, of the page and of the scope', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release, beforeSend: event => ({ ...event, tags: { ...event.tags, last: 'hook' } }) })
    ohnoes.addEventProcessor((event, hint) => {
      if ((hint.originalException as Error).message === 'drop') return null
      return { ...event, tags: { ...event.tags, first: 'page' } }
    })
    ohnoes.captureException(new Error('drop'))
    ohnoes.withScope(scope => {
      scope.addEventProcessor(event => ({
        ...event,
        tags: { ...event.tags, then: String(event.tags?.first) },
      }))
      ohnoes.captureException(new Error('scoped'))
    })
    ohnoes.captureException(new Error('plain'))
  })
  const { scoped, plain, ...others } = await api.byValue()
  expect(others).toEqual({})
  expect(scoped!.tags).toEqual({ first: 'page', then: 'page', last: 'hook' })
  expect(plain!.tags).toEqual({ first: 'page', last: 'hook' })
  expect(await api.balance()).toMatchObject({
    occurred: 3,
    sent: 2,
    dropped: { event_processor: 1 },
  })
})

test('maxEventsPerMinute and sampleRate hold back, and count what they held back', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release, maxEventsPerMinute: 3 })
    for (let n = 0; n < 10; n++) ohnoes.captureException({ name: `Error${n}`, message: `limited ${n}` })
  })
  expect(await api.balance()).toMatchObject({
    occurred: 10,
    sent: 3,
    dropped: { storm_control: 7 },
  })

  const ids = await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release, sampleRate: 0 })
    return [1, 2, 3].map(n => ohnoes.captureException({ name: `Error${n}`, message: 'sampled out' }))
  })
  expect(ids).toEqual(['', '', ''])
  expect(await api.balance()).toMatchObject({ occurred: 3, sent: 0, dropped: { sample_rate: 3 } })
  expect(Object.keys(await api.byValue()).sort()).toEqual(['limited 0', 'limited 1', 'limited 2'])
})

test('nothing starts when it is not enabled, and calls are harmless', async ({ api }) => {
  const result = await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release, enabled: false })
    const running = ohnoes.isInitialized()
    ohnoes.withScope(scope => scope.setTag('a', 'b'))
    return { running, id: ohnoes.captureException(new Error('disabled')), logged }
  })
  expect(result).toEqual({ running: false, id: '', logged: [] })
  expect(await api.byValue()).toEqual({})
})

test('a bad DSN is one console error, and never throws', async ({ api }) => {
  const bad = [
    '',
    'nonsense',
    'https://host/1',
    'https://key@host',
    'ftp://key@host/1',
    'javascript:alert(1)',
  ]
  const rows = await api.run(
    (_, dsns: string[]) =>
      dsns.map(dsn => {
        logged.length = 0
        ohnoes.init({ dsn })
        return [
          dsn,
          ohnoes.isInitialized(),
          ohnoes.captureException(new Error('x')),
          logged.map(([level]) => level),
        ]
      }),
    bad,
  )
  // Without a DSN there is nothing to do, and nothing wrong.
  expect(rows).toEqual(bad.map(dsn => [dsn, false, '', dsn ? ['error'] : []]))
})

test('calls with anything at all throw nothing into the page', async ({ api }) => {
  const { thrown, calls } = await api.run(({ dsn, release }) => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const hostile = {
      get name(): string {
        throw new Error('a getter')
      },
      toString() {
        throw new Error('toString')
      },
    }
    const odd = [undefined, null, 0, '', 'text', Symbol('odd'), 1n, [], {}, () => {}, hostile, proxy, window]
    const thrown: string[] = []
    let calls = 0
    const attempt = (name: string, call: () => unknown) => {
      calls++
      try {
        call()
      } catch (error) {
        thrown.push(`${name}: ${error}`)
      }
    }
    const api = ohnoes as unknown as Record<string, (...args: unknown[]) => unknown>
    const names = Object.keys(api).filter(
      name => typeof api[name] === 'function' && !/init|start|close|flush|withScope/.test(name),
    )
    for (const [i, value] of odd.entries()) {
      attempt(`init with odd value ${i}`, () => api.init!(value))
      attempt(`dsn of odd value ${i}`, () => api.init!({ dsn: value }))
      api.init!({ dsn, release, maxEventsPerMinute: 1000 })
      for (const name of names) {
        attempt(`${name} with odd value ${i}`, () => api[name]!(value, value))
        attempt(`report after ${name} with odd value ${i}`, () => ohnoes.captureMessage(`after ${name} ${i}`))
      }
    }
    return { thrown, calls }
  })
  expect(calls).toBeGreaterThan(300)
  expect(thrown).toEqual([])
  await api.balance()
})

test('each unknown option is one warning, and only under debug', async ({ api }) => {
  const [quiet, loud] = await api.run(({ dsn, release }) => {
    const options = { dsn, release, noSuchOption: 1, another: 2 }
    ohnoes.init(options)
    const quiet = [...logged]
    ohnoes.init({ ...options, debug: true })
    return [quiet, logged, ohnoes.isInitialized()] as const
  })
  expect(quiet).toEqual([])
  expect(loud).toEqual([
    ['warn', 'ohnoes: unknown option', 'noSuchOption'],
    ['warn', 'ohnoes: unknown option', 'another'],
  ])
})

test('under debug a console that throws costs neither the page nor a report', async ({ api }) => {
  const { id, stats } = await api.run(({ dsn, release }) => {
    console.warn = () => {
      throw new Error('no console')
    }
    const options = { dsn, release, debug: true, noSuchOption: 1 }
    ohnoes.init(options)
    ohnoes.captureEvent(null as never) // which is none
    return { id: ohnoes.captureException(new Error('still there')), stats: ohnoes.getStats() }
  })
  expect(id).toMatch(/^[\da-f]{32}$/)
  expect(stats).toMatchObject({ occurred: 2, dropped: { failed: 1 } })
  expect(Object.keys(await api.byValue())).toEqual(['still there'])
})

test('of a field with a secret name nothing is read', async ({ api }) => {
  const read = await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    const read: string[] = []
    class Field extends HTMLElement {
      type = 'text'
      get value(): string {
        read.push(this.id)
        return 'hunter2'
      }
    }
    customElements.define('own-field', Field)
    for (const id of ['password', 'nickname']) {
      const field = document.body.appendChild(Object.assign(new Field(), { id }))
      field.dispatchEvent(new Event('change'))
    }
    return read
  })
  expect(read).toEqual(['nickname'])
})

test('an event over 200 KB is trimmed and says what was cut', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    const long = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`text${n}`, '\u4e00'.repeat(40_000)]),
    )
    ohnoes.captureException(new Error('big'), { extra: { short: 'stays', long } })
    ohnoes.addBreadcrumb({ message: 'b'.repeat(40_000) })
    for (let n = 0; n < 20; n++) ohnoes.addBreadcrumb({ message: `${n} ${'c'.repeat(20_000)}` })
    ohnoes.captureException(new Error('many crumbs'))
  })
  const { big, 'many crumbs': crumbs } = await api.byValue()
  for (const event of [big!, crumbs!]) expect(JSON.stringify(event).length).toBeLessThan(250 * 1024)
  expect(big!.extra.short).toBe('stays')
  expect(big!.extra.long.text0.length).toBeLessThan(40_000)
  expect(big!._meta[''].len).toBeGreaterThan(200 * 1024)
  // Cut when they were recorded.
  expect(JSON.stringify(crumbs!.breadcrumbs).length).toBeLessThan(32 * 1024)
  expect(crumbs!.breadcrumbs.at(-1).message).toMatch(/^19 c/)
})

test('50 MB of thrown text arrive as its beginning', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    const text = 'x'.repeat(50_000_000)
    const thrown = new Promise(resolve => addEventListener('error', resolve, { once: true }))
    setTimeout(() => {
      throw text
    })
    ohnoes.captureException(Object.assign(new Error(text), { name: 'Huge', text }))
    return thrown.then(() => undefined)
  })
  const events = await api.events()
  const roots = events.map(event => event.exception.values.at(-1))
  expect(roots.map(root => root.type).sort()).toEqual(['Huge', 'String'])
  for (const root of roots) expect(root.value).toMatch(/^x{1000,}…$/)
  expect(await api.balance()).toMatchObject({ occurred: 2, sent: 2 })
})

test('30 reports of 10 KB at once all arrive', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release })
    for (let n = 0; n < 30; n++)
      ohnoes.captureException(
        { name: `Error${n}`, message: `n ${n}` },
        { extra: { text: 'y'.repeat(10_000) } },
      )
  })
  expect(Object.keys(await api.byValue())).toHaveLength(30)
  expect(await api.balance()).toMatchObject({ occurred: 30, sent: 30, dropped: {} })
})

test('a message has the stack of its call when that is asked for', async ({ api }) => {
  await api.run(({ dsn, release }) => {
    ohnoes.init({ dsn, release, attachStacktrace: true })
    const shout = () => ohnoes.captureMessage('with a stack')
    shout()
  })
  const [event] = await api.events()
  expect(event!.message).toBe('with a stack')
  const { type, stacktrace } = event!.exception.values[0]
  expect([type, stacktrace.frames.at(-1).function]).toEqual(['', 'shout'])
})

test('flush tells whether all has left', async ({ api, tab, server }) => {
  let isHeld = true
  const answers: (() => void)[] = []
  server.route('/api/1/envelope/', (_request, response) => {
    const answer = () => response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('{}')
    if (isHeld) answers.push(answer)
    else answer()
  })
  server.route('/release', (_request, response) => {
    isHeld = false
    for (const answer of answers) answer()
    response.end()
  })
  await tab.goto(server.url('api.html'))
  // In one go: a request that hangs may keep WebKitWebDriver from taking the next command.
  const results = await tab.run(
    async dsn => {
      ohnoes.init({ dsn })
      const before = await ohnoes.flush()
      ohnoes.captureException(new Error('held'))
      const held = [await ohnoes.flush(50), ohnoes.getStats().sent]
      await fetch('/release')
      return [before, ...held, await ohnoes.flush(10_000)]
    },
    `${server.origin.replace('//', '//demo@')}/1`,
  )
  expect(results).toEqual([true, false, 0, true])
  expect(await api.balance()).toMatchObject({ occurred: 1, sent: 1 })
})

test('a refused report is counted, and one to a dead collector waits', async ({ tab, server }) => {
  server.route('/api/1/envelope/', (_request, response) => {
    response.writeHead(400, { 'Access-Control-Allow-Origin': '*' }).end('{}')
  })
  server.route('/api/2/envelope/', request => void request.socket.destroy())
  await tab.goto(server.url('api.html'))
  await tab.run(
    async origin => {
      for (const project of [1, 2]) {
        ohnoes.init({ dsn: `${origin}/${project}` })
        ohnoes.captureException(new Error(`to ${project}`))
      }
      await ohnoes.flush(10_000)
    },
    server.origin.replace('//', '//demo@'),
  )
  const { occurred, sent, dropped } = await tab.run(() => ohnoes.getStats())
  expect({ occurred, sent, dropped }).toEqual({ occurred: 2, sent: 0, dropped: { send_error: 1 } })
})
