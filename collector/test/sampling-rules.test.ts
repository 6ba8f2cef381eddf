import { expect, test } from 'vitest'
import { type Arrivals, ratesOf, SLOT_MS, SLOTS } from '../src/sampling-rules.ts'

const TARGETS = { keptPerError: 10, keptInAll: 200 }
/** The end of a slot, just before the next one. */
const NOW_MS = 1e9 * SLOT_MS - 1
const SLOT_S = SLOT_MS / 1000

/** Arrivals at the same rate in all slots. */
const steady = (fp: string, perSecond: number): Arrivals => ({
  fp,
  current: perSecond * SLOT_S,
  previous: perSecond * SLOT_S,
  all: perSecond * SLOT_S * SLOTS,
})
const totalOf = (arrivals: Arrivals[]) => ({
  current: arrivals.reduce((sum, { current }) => sum + current, 0),
  previous: arrivals.reduce((sum, { previous }) => sum + previous, 0),
  all: arrivals.reduce((sum, { all }) => sum + all, 0),
})
const all = (...hottest: Arrivals[]) => ratesOf({ hottest, total: totalOf(hottest) }, NOW_MS, TARGETS)
const of = (...hottest: Arrivals[]) => all(...hottest).rules

test('a quiet fleet keeps everything', () => {
  expect(of(steady('a', 9), steady('b', 1))).toEqual({ v: 1, ttl: 10, default: 1, rates: {} })
})

test.each([11, 100, 5000, 123_456])('of %i a second the target is kept, to a tenth', perSecond => {
  const rate = of(steady('a', perSecond)).rates.a ?? 1
  expect((rate * perSecond) / TARGETS.keptPerError).toBeGreaterThan(0.9)
  expect((rate * perSecond) / TARGETS.keptPerError).toBeLessThan(1.1)
})

test('a rate is never below one in a million', () => {
  expect(of(steady('a', 1e9)).rates.a).toBe(1e-6)
})

test('a storm is met in the slot in which it begins', () => {
  const current = 10_000 * SLOT_S
  const { rates } = of({ fp: 'new', current, previous: 0, all: current })
  expect((rates.new ?? 1) * 10_000).toBeLessThan(1.1 * TARGETS.keptPerError)
})

test('after a storm its rate comes back within the window', () => {
  const all = 10_000 * SLOT_S
  expect(of({ fp: 'old', current: 0, previous: 0, all }).rates.old).toBeGreaterThan(0)
  expect(of({ fp: 'old', current: 0, previous: 0, all: 0 }).rates).toEqual({})
})

test('errors that are not listed are all kept while there is room', () => {
  expect(of(steady('hot', 5000), steady('new', 1)).default).toBe(1)
})

test('too many new errors at once share what there is room for', () => {
  const many = Array.from({ length: 200 }, (_, i) => steady(`${i}`, 5))
  const { others: rate, rules } = all(...many)
  expect(rules).toMatchObject({ default: 1, rates: {} })
  expect((rate * 1000) / TARGETS.keptInAll).toBeGreaterThan(0.9)
  expect((rate * 1000) / TARGETS.keptInAll).toBeLessThan(1.1)
})

test('the answer has at most 4 KB, with the hottest of all errors', () => {
  const many = Array.from({ length: 200 }, (_, i) => steady(i.toString(16).padStart(16, '0'), 9999 - i))
  const rules = of(...many)
  expect(Buffer.byteLength(JSON.stringify(rules))).toBeLessThanOrEqual(4096)
  expect(Object.keys(rules.rates)).toContain('0'.repeat(16))
  expect(rules.default).toBeLessThan(1)
})
