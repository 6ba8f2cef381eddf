import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isLimited, readLimits } from '../src/limits.ts'
import { currentSession } from '../src/session.ts'

const answer = (status: number, headers: Record<string, string> = {}) => {
  readLimits(new Response('', { status, headers }))
}
const afterSeconds = (seconds: number) => {
  vi.advanceTimersByTime(seconds * 1e3)
  return isLimited()
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  currentSession().limits = { error: 0, session: 0 }
})
afterEach(() => vi.useRealTimers())

test('nothing is limited until the server says so', () => {
  answer(200)
  expect(isLimited()).toBe(false)
})

test.each([200, 400, 429, 503])('a limit of errors counts on status %i, and ends', status => {
  answer(status, { 'X-Sentry-Rate-Limits': '10:default;error:key:quota' })
  expect(isLimited()).toBe(true)
  expect(afterSeconds(9)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
})

test('no category is all of them', () => {
  answer(200, { 'X-Sentry-Rate-Limits': '10::organization' })
  expect(isLimited()).toBe(true)
  expect(isLimited('session')).toBe(true)
})

// The last has its halves exchanged: its category is `60`.
test.each(['60:transaction;session:key', '60:transaction', '60:session::', 'error:60'])(
  '%s is a limit of something else',
  limits => {
    answer(200, { 'X-Sentry-Rate-Limits': limits })
    expect(isLimited()).toBe(false)
  },
)

test.each(['60:transaction;session:key', '60:session::'])('%s is a limit of sessions', limits => {
  answer(200, { 'X-Sentry-Rate-Limits': limits })
  expect(isLimited('session')).toBe(true)
})

test.each([
  ['5:error:key, 20::organization', 19],
  ['20:error:key, 5::organization', 19],
  ['20:error:key, 5:error:key', 19],
  ['60:session:key, 20:error:key', 19],
])('of %j the longest counts', (limits, seconds) => {
  answer(200, { 'X-Sentry-Rate-Limits': limits })
  answer(200, { 'X-Sentry-Rate-Limits': '1:error:key' })
  expect(afterSeconds(seconds)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
})

test('however many categories the server names, the session keeps two', () => {
  answer(200, { 'X-Sentry-Rate-Limits': `60:${'abcdefgh'.split('').join(';')};session:key` })
  expect(Object.keys(currentSession().limits)).toEqual(['error', 'session'])
  expect(isLimited('session')).toBe(true)
})

test('Retry-After counts, unless there is more to read', () => {
  answer(503, { 'Retry-After': '10' })
  expect(isLimited()).toBe(true)
  expect(afterSeconds(11)).toBe(false)
  answer(429, { 'Retry-After': '10', 'X-Sentry-Rate-Limits': '10:session:key' })
  expect(isLimited()).toBe(false)
})

test('429 without a header, and a Retry-After that is no number of seconds, are a minute', () => {
  answer(503, { 'Retry-After': new Date(Date.now() + 10_000).toUTCString() })
  expect(afterSeconds(59)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
  answer(429)
  expect(afterSeconds(59)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
  answer(500, { 'Retry-After': 'soon' })
  expect(afterSeconds(59)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
})

test.each([',', 'NaN:error:key', '0:error'])('the malformed limit %j is a minute', limits => {
  answer(200, { 'X-Sentry-Rate-Limits': limits })
  expect(afterSeconds(59)).toBe(true)
  expect(afterSeconds(2)).toBe(false)
})

test('a limit that is over is none', () => {
  answer(200, { 'X-Sentry-Rate-Limits': '-5:error' })
  expect(isLimited()).toBe(false)
})
