// When the collector's rules are asked for, and what a report does until they are there. (In browsers: e2e/sampling.spec.ts.)

import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { stats, untold } from '../src/ledger.ts'
import { configure, options, type Options } from '../src/options.ts'
import { undo } from '../src/patch.ts'
import { learn, stopAsking } from '../src/rules.ts'
import { backlog, connect, flush, sendEvent, sendItems } from '../src/send.ts'
import { currentSession, forgetSession } from '../src/session.ts'

// Taken by the bundle when it is loaded.
const warned = vi.hoisted(() => (console.warn = vi.fn()))

const API = 'http://collector.test/api/1'
const collector = setupServer()
let page: EventTarget
let lines: any[]
let asked: number
/** What is to be done when the rules are old. */
const ageing: (() => void)[] = []
const age = () => ageing.splice(0).forEach(job => job())
const { setTimeout } = globalThis

const event = (n = 0) => ({ event_id: `${n}`.repeat(32), timestamp: 1, platform: 'javascript' as const })
/** What a session with that threshold says of an occurrence, kept so far. */
const claim = (u = 0.5) => ({ id: '0'.repeat(32), sid: 's', fp: 'f', u, p: options.sampleRate, n: 1 })
const start = (given: Options = {}) => {
  configure({ dsn: 'http://demo@collector.test/1', fleetSampling: true, sessionSampleRate: 0, ...given })
  connect(`${API}/envelope/`)
}
const answerEnvelopes = (status: number) =>
  collector.use(
    http.post(`${API}/envelope/`, async ({ request }) => {
      lines.push((await request.text()).split('\n').map(line => JSON.parse(line)))
      return new HttpResponse('{}', { status })
    }),
  )
const answerRules = (how: () => Response | Promise<Response>) =>
  collector.use(http.get(`${API}/sampling`, () => (asked++, how())))
const rules = (rate: number, others = 1) =>
  HttpResponse.json({ v: 1, ttl: 10, default: others, rates: { f: rate } })
const hang = () => new Promise<Response>(() => {})
const rates = () => lines.map(([{ ohnoes }]) => ohnoes.p)

beforeAll(() => collector.listen({ onUnhandledRequest: 'error' }))
afterAll(() => collector.close())
afterEach(() => {
  undo()
  collector.resetHandlers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1e6) // no attempt by itself
  page = Object.assign(new EventTarget(), { fetch })
  vi.stubGlobal('self', page)
  vi.stubGlobal('document', { visibilityState: 'visible' })
  vi.stubGlobal('setTimeout', (job: () => void, ms: number, ...args: []) =>
    ms === 10_000 ? ageing.push(job) : setTimeout(job, ms, ...args),
  )
  age()
  warned.mockClear()
  lines = []
  asked = 0
  backlog.splice(0)
  for (const reason in untold) delete untold[reason]
  Object.assign(stats, { sent: 0, dropped: {} })
  forgetSession()
  learn({ v: 1, default: 1, rates: {} })
  start()
  answerEnvelopes(200)
})

test('an event is kept or not under the rules of its moment, with the page’s own rate times theirs', async () => {
  start({ sampleRate: 0.8 })
  answerRules(() => rules(0.5))
  for (const u of [0.1, 0.39, 0.4, 0.7]) sendEvent(event(), claim(u))
  expect(await flush()).toBe(true)
  expect(lines.map(([{ ohnoes }]) => ohnoes.u)).toEqual([0.1, 0.39])
  expect(rates()).toEqual([0.4, 0.4])
  expect(stats).toMatchObject({ sent: 2, dropped: { sample_rate: 2 } })
  expect(asked).toBe(1)
})

test('what is known is not asked again for ten seconds', async () => {
  answerRules(() => rules(0.75))
  for (const isOld of [false, false, true]) {
    if (isOld) age()
    sendEvent(event(), claim())
    expect(await flush()).toBe(true)
  }
  expect(rates()).toEqual([0.75, 0.75, 0.75])
  expect(asked).toBe(2)
})

test('an error that is not listed has the default', async () => {
  answerRules(() => rules(1e-6, 0.25))
  sendEvent(event(), { ...claim(0.2), fp: 'new' })
  expect(await flush()).toBe(true)
  expect(rates()).toEqual([0.25])
})

test('nothing is asked before there is an event, by a tunnel, by a hidden page, and of other collectors', async () => {
  sendItems('\n{"type":"trace_metric","item_count":1}\n{}')
  start({ tunnel: `${API}/envelope/` })
  sendEvent(event(), claim())
  start({ fleetSampling: false })
  sendEvent(event(), claim())
  start()
  vi.stubGlobal('document', { hidden: true })
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  expect([lines.length, asked]).toEqual([4, 0])
})

test.each([
  ['an error page', () => new HttpResponse('<!doctype html>', { status: 502 })],
  ['nothing', () => HttpResponse.error()],
  ['a number', () => HttpResponse.json(7)],
  ['null', () => HttpResponse.json(null)],
  ['another version', () => HttpResponse.json({ v: 2, default: 0.1, rates: {} })],
  ['no rates', () => HttpResponse.json({ v: 1, default: 0.1 })],
  ['a refusal', () => HttpResponse.json({ error: 'no_key' }, { status: 403 })],
])('in place of rules, %s leaves what was known last, and debug says so', async (_what, how) => {
  start({ debug: true })
  learn({ v: 1, default: 1, rates: { f: 0.75 } })
  answerRules(how)
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  expect(rates()).toEqual([0.75])
  expect(warned).toHaveBeenCalledExactlyOnceWith('ohnoes: failed', expect.anything())
})

test.each([[0], ['x'], [null], [7]])('a rate of %j is none', async rate => {
  answerRules(() => rules(rate as number))
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  expect(rates()).toEqual([1])
})

test('rules that are late are given up, and the event leaves', async () => {
  learn({ v: 1, default: 1, rates: { f: 0.75 } })
  answerRules(hang)
  sendEvent(event(), claim())
  expect(lines).toEqual([])
  await expect.poll(rates).toEqual([0.75])
})

test('a page that goes away waits for no rules', async () => {
  answerRules(hang)
  sendEvent(event(1), claim())
  sendEvent(event(2), claim())
  await vi.waitFor(() => expect(asked).toBe(1))
  sendItems('\n{"type":"ohnoes_counts"}\n{}')
  stopAsking()
  expect(await flush(1000)).toBe(true)
  expect(lines.map(items => items[1].type)).toEqual(['ohnoes_counts', 'event', 'event'])
})

test.each([429, 503])(
  'after an answer of %i it is decided anew, never under a higher rate than before',
  async status => {
    answerRules(() => rules(0.6))
    answerEnvelopes(status)
    for (const u of [0.1, 0.5]) sendEvent(event(), claim(u))
    await vi.waitFor(() => expect(backlog.length).toBe(2))
    const again = async (rate: number) => {
      currentSession().limits = { error: 0, session: 0 }
      lines = []
      age()
      answerRules(() => rules(rate))
      page.dispatchEvent(new globalThis.Event('online'))
      expect(await flush()).toBe(true)
    }
    await again(0.3) // of what waits the newest is tried
    await again(0.3)
    await vi.waitFor(() => expect(stats.dropped).toEqual({ sample_rate: 1 }))
    expect(backlog.length).toBe(1)
    answerEnvelopes(200)
    await again(1)
    expect(rates()).toEqual([0.3])
    expect([stats.sent, backlog.length]).toEqual([1, 0])
  },
)

test('what a sampled session had to say is told again when its event is left out', async () => {
  start({ sessionSampleRate: 1 })
  answerRules(() => rules(0.1))
  currentSession().errors = 1
  sendEvent(event(), claim())
  expect(await flush()).toBe(true)
  expect(lines).toEqual([])
  sendItems()
  expect(await flush()).toBe(true)
  expect(lines[0][2]).toMatchObject({ init: true, errors: 1 })
  expect(lines[0][2]).not.toHaveProperty('storms')
})

test('a report that waits for rules when consent is refused does not leave', async () => {
  answerRules(hang)
  sendEvent(event(), claim())
  await vi.waitFor(() => expect(asked).toBe(1))
  options.consent = false
  stopAsking()
  expect(await flush(1000)).toBe(true)
  expect(lines).toEqual([])
  expect(stats.dropped).toEqual({ consent: 1 })
})
