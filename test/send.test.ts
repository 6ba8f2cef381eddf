// What becomes of a report when the collector gives an odd answer. (In real browsers: e2e/unload.spec.ts, e2e/api.spec.ts.)

import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { getStats } from '../src/index.ts'
import type { Event, SampleClaim } from '../src/protocol.ts'
import { connect, flush, sendEvent } from '../src/send.ts'

const URL = 'http://collector.test/api/1/envelope/'
const collector = setupServer()
const event = (): Event => ({ event_id: 'e'.repeat(32), timestamp: 1, platform: 'javascript', message: 'm' })
const claim: SampleClaim = { sid: '5'.repeat(32), fp: 'f'.repeat(16), u: 0.1, p: 0.5, n: 3 }

let before: ReturnType<typeof getStats>

/** What was counted since the test began. */
const counted = () => {
  const { sent, dropped } = getStats()
  const reasons = Object.keys(dropped).filter(reason => dropped[reason] !== before.dropped[reason])
  return { sent: sent - before.sent, reasons }
}

beforeAll(() => collector.listen({ onUnhandledRequest: 'error' }))
afterAll(() => collector.close())
afterEach(() => {
  collector.resetHandlers()
  vi.unstubAllGlobals()
})
beforeEach(() => {
  vi.stubGlobal('document', { visibilityState: 'visible' })
  before = getStats()
  connect(URL)
})

test.each([200, 201])('an answer of %i counts as sent', async status => {
  collector.use(http.post(URL, () => new HttpResponse('{}', { status })))
  sendEvent(event(), claim)
  expect(await flush()).toBe(true)
  expect(counted()).toEqual({ sent: 1, reasons: [] })
})

test('the first line says what the event stands for', async () => {
  let header: unknown
  collector.use(
    http.post(URL, async ({ request }) => {
      header = JSON.parse((await request.text()).split('\n')[0]!)
      return new HttpResponse('{}')
    }),
  )
  sendEvent(event(), claim)
  expect(await flush()).toBe(true)
  expect(header).toMatchObject({ event_id: event().event_id, ohnoes: claim })
})

test.each([400, 413, 429, 500, 503])('an answer of %i counts as send_error', async status => {
  collector.use(http.post(URL, () => new HttpResponse('no', { status })))
  sendEvent(event(), claim)
  expect(await flush()).toBe(true)
  expect(counted()).toEqual({ sent: 0, reasons: ['send_error'] })
})

test('a refused connection counts as network_error', async () => {
  collector.use(http.post(URL, () => HttpResponse.error()))
  sendEvent(event(), claim)
  expect(await flush()).toBe(true)
  expect(counted()).toEqual({ sent: 0, reasons: ['network_error'] })
})

test('a body that breaks off counts as network_error', async () => {
  const broken = () => new ReadableStream({ pull: controller => controller.error(new Error('reset')) })
  collector.use(http.post(URL, () => new HttpResponse(broken())))
  sendEvent(event(), claim)
  expect(await flush()).toBe(true)
  expect(counted()).toEqual({ sent: 0, reasons: ['network_error'] })
})

test('flush says false while an answer is still out', async () => {
  let answer = () => {}
  const answered = new Promise<void>(resolve => (answer = resolve))
  collector.use(http.post(URL, () => answered.then(() => new HttpResponse('{}'))))
  sendEvent(event(), claim)
  expect(await flush(10)).toBe(false)
  answer()
  expect(await flush()).toBe(true)
  expect(counted()).toEqual({ sent: 1, reasons: [] })
})

test('keepalive ends at 60,000 bytes or 9 requests in flight, and comes back with the answers', async () => {
  const keepalive: boolean[] = []
  let answer = () => {}
  const answered = new Promise<void>(resolve => (answer = resolve))
  collector.use(
    http.post(URL, async ({ request }) => {
      keepalive.push(request.keepalive)
      await answered
      return new HttpResponse('{}')
    }),
  )
  const big = { ...event(), message: 'ü'.repeat(14_000) } // 28,000 bytes
  for (let i = 0; i < 3; i++) sendEvent(big, claim)
  await vi.waitFor(() => expect(keepalive).toHaveLength(3))
  answer()
  expect(await flush()).toBe(true)
  for (let i = 0; i < 10; i++) sendEvent(event(), claim)
  expect(await flush()).toBe(true)
  expect(keepalive.slice(0, 3)).toEqual([true, true, false])
  expect(keepalive.slice(3)).toEqual([...Array<boolean>(9).fill(true), false])
})

test('a page that is hidden sends by beacon, and by fetch where the beacon is refused', async () => {
  const bodies: string[] = []
  collector.use(http.post(URL, () => new HttpResponse('{}')))
  vi.stubGlobal('document', { visibilityState: 'hidden' })
  vi.stubGlobal('navigator', { sendBeacon: (_url: string, body: string) => bodies.push(body) === 1 })
  sendEvent(event(), claim)
  sendEvent(event(), claim)
  expect(await flush()).toBe(true)
  expect(bodies).toHaveLength(2)
  expect(counted()).toEqual({ sent: 2, reasons: [] })
})
