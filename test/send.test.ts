// What becomes of a report when the collector gives an odd answer. (In real browsers: e2e/faults.spec.ts, e2e/offline.spec.ts.)

import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { drop, stats, untold } from '../src/ledger.ts'
import { configure, type Options } from '../src/options.ts'
import { undo } from '../src/patch.ts'
import type { Event } from '../src/protocol.ts'
import { backlog, connect, flush, sendEvent, sendItems } from '../src/send.ts'
import { currentSession } from '../src/session.ts'

const URL = 'http://collector.test/api/1/envelope/'
const collector = setupServer()
const CLAIM = { sid: 's', fp: 'f', u: 0, p: 1, n: 1 }
const claim = (n = 0) => ({ ...CLAIM, id: `${n}`.repeat(32) })
let page: EventTarget
let lines: any[]
let keepalives: boolean[]

const event = (n = 0): Event => ({
  event_id: `${n}`.repeat(32),
  timestamp: 1,
  platform: 'javascript',
  message: 'm',
})
const start = (options: Options = {}) => {
  configure({ dsn: 'http://demo@collector.test/1', sessionSampleRate: 0, ...options })
  connect(options.tunnel || URL)
}
/** From now on every request is answered so. */
const answer = (how: () => Response | Promise<Response>, url = URL) => {
  collector.use(
    http.post(url, async ({ request }) => {
      keepalives.push(request.keepalive)
      const text = await request.text()
      lines.push(text.split('\n').map(line => JSON.parse(line)))
      return how()
    }),
  )
}
const ids = () => lines.map(([header]) => header.event_id)
const up = () => new HttpResponse('{}')
/** As an engine says that there is a network again. */
const goOnline = async () => {
  page.dispatchEvent(new globalThis.Event('online'))
  expect(await flush()).toBe(true)
}
const ledger = () => ({ sent: stats.sent, dropped: stats.dropped, waiting: backlog.length })

beforeAll(() => collector.listen({ onUnhandledRequest: 'error' }))
afterAll(() => collector.close())
afterEach(() => {
  undo()
  collector.resetHandlers()
  vi.unstubAllGlobals()
  vi.useRealTimers()
  vi.restoreAllMocks()
})
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1e6) // no attempt by itself
  page = Object.assign(new EventTarget(), { fetch })
  vi.stubGlobal('self', page)
  vi.stubGlobal('document', { visibilityState: 'visible' })
  lines = []
  keepalives = []
  backlog.splice(0)
  for (const reason in untold) delete untold[reason]
  Object.assign(stats, { sent: 0, dropped: {} })
  currentSession().limits = { error: 0, session: 0 }
  start()
})

test.each([200, 201])('an answer of %i counts as sent', async status => {
  answer(() => new HttpResponse('{}', { status }))
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  expect(ledger()).toEqual({ sent: 1, dropped: {}, waiting: 0 })
})

test('the first line says what the event stands for', async () => {
  answer(up)
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  const { event_id } = event()
  expect(lines[0][0]).toMatchObject({ event_id, ohnoes: claim() })
})

test('what is sampled out is told only with something else, and other drops are told by themselves', async () => {
  answer(up)
  drop('sample_rate')
  sendItems()
  expect(await flush()).toBe(true)
  expect(lines).toEqual([])
  drop('ignored', 2)
  sendItems()
  expect(await flush()).toBe(true)
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  const report = (reason: string, quantity: number) => [
    { type: 'client_report' },
    { discarded_events: [{ reason, category: 'error', quantity }] },
  ]
  expect(lines[0].slice(1)).toEqual(report('ignored', 2))
  expect(lines[1].slice(3)).toEqual(report('sample_rate', 1))
})

test.each([400, 403, 413])('an answer of %i is final, and counts as send_error', async status => {
  answer(() => new HttpResponse('no', { status }))
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  await goOnline()
  expect(ids()).toHaveLength(1)
  expect(ledger()).toEqual({ sent: 0, dropped: { send_error: 1 }, waiting: 0 })
})

const FAULTS: Record<string, () => Response> = {
  'an answer of 408': () => new HttpResponse('', { status: 408 }),
  'an answer of 429': () => new HttpResponse('', { status: 429, headers: { 'Retry-After': '1' } }),
  'an answer of 500': () => new HttpResponse('', { status: 500 }),
  'an answer of 503': () => new HttpResponse('', { status: 503, headers: { 'Retry-After': '1' } }),
  'a refused connection': () => HttpResponse.error(),
  'an answer that breaks off': () =>
    new HttpResponse(new ReadableStream({ pull: controller => controller.error(new Error('reset')) })),
}

test.each(Object.keys(FAULTS))(
  'after %s the event waits, and is sent when there is a network again',
  async fault => {
    vi.useFakeTimers({ toFake: ['Date'] })
    answer(FAULTS[fault]!)
    sendEvent(event(), claim())
    await vi.waitFor(() => expect(ledger()).toEqual({ sent: 0, dropped: {}, waiting: 1 }))
    vi.setSystemTime(Date.now() + 2_000)
    answer(up)
    await goOnline()
    expect(ids()).toEqual([event().event_id, event().event_id])
    expect(ledger()).toEqual({ sent: 1, dropped: {}, waiting: 0 })
  },
)

test('what waits is tried newest first, and the rest follows the first success', async () => {
  answer(() => HttpResponse.error())
  for (const n of [1, 2, 3]) {
    sendEvent(event(n), claim(n))
    await vi.waitFor(() => expect(backlog.length).toBe(n))
  }
  lines = []
  await goOnline()
  expect(ids()).toEqual([event(3).event_id])
  await vi.waitFor(() => expect(backlog.length).toBe(3))
  answer(up)
  lines = []
  await goOnline()
  await vi.waitFor(() => expect(backlog.length).toBe(0))
  expect(await flush()).toBe(true)
  expect(ids()).toEqual([3, 2, 1].map(n => event(n).event_id))
})

test('the wait doubles with each attempt, not with each request that failed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.spyOn(Math, 'random').mockReturnValue(1) // the longest wait
  let attempts = 0
  let isUp = true
  const transport = async () => {
    attempts++
    if (!isUp) throw new Error('down')
    return new Response('{}')
  }
  start({ transport })
  sendEvent(event(0), claim(0))
  expect(await flush()).toBe(true)
  isUp = false
  for (const n of [1, 2, 3]) sendEvent(event(n), claim(n))
  expect(await flush()).toBe(true)
  for (const seconds of [1, 2, 4]) {
    attempts = 0
    await vi.advanceTimersByTimeAsync(seconds * 1e3 - 1)
    expect(attempts).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(attempts).toBe(1)
  }
  isUp = true
  await goOnline() // also ends the wait of the tests after this one
  expect(await flush()).toBe(true)
  expect(ledger()).toEqual({ sent: 4, dropped: {}, waiting: 0 })
})

test('a new event does not wait for those that failed, and its success sends them', async () => {
  answer(() => HttpResponse.error())
  sendEvent(event(1), claim(1))
  await vi.waitFor(() => expect(backlog.length).toBe(1))
  answer(up)
  lines = []
  sendEvent(event(2), claim(2))
  expect(await flush()).toBe(true)
  await vi.waitFor(() => expect(ids()).toEqual([event(2).event_id, event(1).event_id]))
})

test('while a limit runs new events are dropped and counted, and told with the next one', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  answer(() => new HttpResponse('{}', { headers: { 'X-Sentry-Rate-Limits': '60:error:key' } }))
  sendEvent(event(1), claim(1))
  expect(await flush()).toBe(true)
  sendEvent(event(2), claim(2))
  sendEvent(event(3), claim(3))
  expect(ledger()).toEqual({ sent: 1, dropped: { ratelimit_backoff: 2 }, waiting: 0 })
  expect(lines).toHaveLength(1)
  vi.setSystemTime(Date.now() + 61_000)
  sendEvent(event(4), claim(4))
  expect(await flush()).toBe(true)
  expect(lines[1].slice(3)).toEqual([
    { type: 'client_report' },
    { discarded_events: [{ reason: 'ratelimit_backoff', category: 'error', quantity: 2 }] },
  ])
})

test('while a limit runs what is no event waits until it is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  currentSession().limits = { error: Date.now() + 5_000, session: 0 }
  answer(up)
  sendItems('\n{"type":"trace_metric","item_count":1}\n{}')
  await goOnline()
  expect([lines.length, backlog.length]).toEqual([0, 1])
  vi.setSystemTime(Date.now() + 6_000)
  await goOnline()
  expect(lines[0][0]).toMatchObject({ ohnoes: { id: expect.stringMatching(/^[\da-f]{32}$/) } })
})

test('a session waits for the end of a limit of sessions, and errors do not', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  start({ sessionSampleRate: 1 })
  const session = Object.assign(currentSession(), {
    ohnoes_p: 1,
    limits: { error: 0, session: Date.now() + 5_000 },
  })
  answer(up)
  sendEvent(event(1), claim(1))
  expect(await flush()).toBe(true)
  vi.setSystemTime(Date.now() + 6_000)
  sendEvent(event(2), claim(2))
  expect(await flush()).toBe(true)
  const typesOf = (line: { type?: string }[]) => line.flatMap(({ type }) => type ?? [])
  expect(lines.map(typesOf)).toEqual([['event'], ['event', 'session']])
  Object.assign(session, { ohnoes_p: 0, sent: session.errors })
})

test('client reports can be turned off', async () => {
  start({ sendClientReports: false })
  currentSession().limits = { error: Date.now() + 5_000, session: 0 }
  sendEvent(event(1), claim(1))
  currentSession().limits = { error: 0, session: 0 }
  answer(up)
  sendEvent(event(2), claim(2))
  expect(await flush()).toBe(true)
  expect(lines[0]).toHaveLength(3)
})

test('through a tunnel goes the DSN, and headers and fetch options of the page', async () => {
  const TUNNEL = 'http://page.test/tunnel'
  const dsn = 'http://demo@collector.test/1'
  let headers = new Headers()
  let credentials = ''
  start({
    dsn,
    tunnel: TUNNEL,
    transportOptions: { headers: { 'X-Own': 'yes' }, fetchOptions: { credentials: 'include' } },
  })
  collector.use(
    http.post(TUNNEL, async ({ request }) => {
      headers = request.headers
      credentials = request.credentials
      lines.push([JSON.parse((await request.text()).split('\n')[0]!)])
      return up()
    }),
  )
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  expect(lines[0][0].dsn).toBe(dsn)
  expect([headers.get('X-Own'), credentials]).toEqual(['yes', 'include'])
})

test('a transport of the page takes the place of fetch, and may fail in any way', async () => {
  const calls: string[] = []
  const transports: ((url: string, init: RequestInit) => Promise<Response>)[] = [
    async (url, { body }) => {
      calls.push(`${url} ${typeof body}`)
      return new Response('{}')
    },
    () => {
      throw new Error('transport')
    },
    () => undefined as never,
  ]
  for (const transport of transports) {
    start({ transport })
    sendEvent(event(calls.length), claim(calls.length))
    expect(await flush()).toBe(true)
  }
  expect(calls).toEqual([`${URL} string`])
  expect(ledger()).toEqual({ sent: 1, dropped: {}, waiting: 2 })
})

test('flush says false while an answer is still out', async () => {
  let release = () => {}
  const released = new Promise<void>(resolve => (release = resolve))
  answer(() => released.then(up))
  sendEvent(event(), claim())
  expect(await flush(10)).toBe(false)
  release()
  expect(await flush()).toBe(true)
  expect(stats.sent).toBe(1)
})

test('keepalive ends at 60,000 bytes or 8 requests in flight, and comes back with the answers', async () => {
  let release = () => {}
  const released = new Promise<void>(resolve => (release = resolve))
  answer(() => released.then(up))
  for (const n of [1, 2, 3]) sendEvent({ ...event(n), message: 'ü'.repeat(14_000) }, claim(n)) // 28,000 bytes
  await vi.waitFor(() => expect(keepalives).toHaveLength(3))
  release()
  expect(await flush()).toBe(true)
  for (let n = 0; n < 10; n++) sendEvent(event(n), claim(n))
  expect(await flush()).toBe(true)
  expect(keepalives.slice(0, 3)).toEqual([true, true, false])
  expect(keepalives.slice(3)).toEqual([...Array<boolean>(8).fill(true), false, false])
})

test('what is too large for keepalive leaves a hidden page trimmed, and a visible one whole', async () => {
  answer(up)
  const large = (n: number) => ({ ...event(n), message: '\u4e00'.repeat(40_000) })
  sendEvent(large(1), claim(1))
  vi.stubGlobal('document', { hidden: true })
  sendEvent(large(2), claim(2))
  expect(await flush()).toBe(true)
  expect(keepalives).toEqual([false, true])
  expect(lines[0][2].message).toHaveLength(40_000)
  expect(lines[1][2]._meta[''].len).toBeGreaterThan(120_000)
  expect(ledger()).toEqual({ sent: 2, dropped: {}, waiting: 0 })
})
