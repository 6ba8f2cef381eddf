import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isLimited, readLimits } from '../src/limits.ts'
import { currentSession } from '../src/session.ts'

const answer = (status: number, headers: Record<string, string> = {}) => {
  readLimits(new Response('', { status, headers }))
}
const afterSeconds = (seconds: number, category = 'error') => {
  vi.advanceTimersByTime(seconds * 1e3)
  return isLimited(category)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  currentSession().limits = {}
})
afterEach(() => vi.useRealTimers())

test('nothing is limited until the server says so', () => {
  answer(200)
  expect(isLimited('error')).toBe(false)
})

test.each([200, 400, 429, 503])('a limit of one category counts on status %i, and ends', status => {
  answer(status, { 'X-Sentry-Rate-Limits': '10:error;default:key:quota' })
  expect([isLimited('error'), isLimited('default'), isLimited('session')]).toEqual([true, true, false])
  expect(afterSeconds(9)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
})

test('no category is all of them', () => {
  answer(200, { 'X-Sentry-Rate-Limits': '10::organization' })
  expect([isLimited('error'), isLimited('session'), isLimited('trace_metric')]).toEqual([true, true, true])
})

test.each([
  ['5:error:key, 20::organization', 19],
  ['20:error:key, 5::organization', 19],
  ['20:error:key, 5:error:key', 19],
])('of %j the longest counts', (limits, seconds) => {
  answer(200, { 'X-Sentry-Rate-Limits': limits })
  answer(200, { 'X-Sentry-Rate-Limits': '1:error:key' })
  expect(afterSeconds(seconds)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
})

test('Retry-After counts for all categories, as seconds or as a date, unless there is more to read', () => {
  answer(503, { 'Retry-After': '10' })
  expect(isLimited('session')).toBe(true)
  expect(afterSeconds(11)).toBe(false)
  answer(503, { 'Retry-After': new Date(Date.now() + 10_000).toUTCString() })
  expect(afterSeconds(8)).toBe(true)
  expect(afterSeconds(3)).toBe(false)
  answer(429, { 'Retry-After': '10', 'X-Sentry-Rate-Limits': '10:error:key' })
  expect([isLimited('error'), isLimited('session')]).toEqual([true, false])
})

test('429 without a header, and a Retry-After that means nothing, are a minute', () => {
  answer(429)
  expect(afterSeconds(59)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
  answer(500, { 'Retry-After': 'soon' })
  expect(afterSeconds(59)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
})

test.each([';;:,abc:def', ':', ',', 'error:60', '-5:error', 'NaN:error:key', '0:error'])(
  'the malformed limit %j is none',
  limits => {
    answer(200, { 'X-Sentry-Rate-Limits': limits })
    expect([isLimited('error'), isLimited('')]).toEqual([false, false])
  },
)

test('limits outlive the session they came in', () => {
  answer(200, { 'X-Sentry-Rate-Limits': '7200:error:key' })
  const { sid } = currentSession()
  vi.advanceTimersByTime(31 * 60_000)
  expect(currentSession().sid).not.toBe(sid)
  expect(isLimited('error')).toBe(true)
})
