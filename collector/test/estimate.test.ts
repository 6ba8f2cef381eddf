import { expect, test } from 'vitest'
import {
  asPartOf,
  EMPTY_SAMPLE,
  estimateOf,
  mergeSamples,
  poissonInterval,
  sampleOf,
} from '../src/estimate.ts'
import { repeatableRandom } from './running-collector.ts'

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value)

// Garwood's limits, as tables of the Poisson distribution have them.
test.each([
  [1, 0.025318, 5.571643],
  [5, 1.623486, 11.668332],
  [10, 4.795389, 18.390356],
  [20, 12.216519, 30.888379],
  [29, 19.42179, 41.648792],
])('%d kept of equal weight have the exact limits of a Poisson count', (count, low, high) => {
  for (const weight of [1, 100, 1e6]) {
    const [from, to] = poissonInterval({
      weighted: count * weight,
      squares: count * weight ** 2,
      largest: weight,
    })
    expect(from / weight).toBeCloseTo(low, 4)
    expect(to / weight).toBeCloseTo(high, 4)
  }
})

test('what was not sampled is exact', () => {
  expect(estimateOf(mergeSamples(times(40, sampleOf(3, 1))))).toEqual({
    estimate: 120,
    low: 120,
    high: 120,
    exact: true,
  })
  expect(estimateOf(EMPTY_SAMPLE)).toEqual({ estimate: 0, low: 0, high: 0, exact: true })
})

test('from 30 kept on the interval has the totals that are 1.96 deviations away, by the variance Σ n²(1 − p)/p²', () => {
  // 100 at 1 %: a variance of 99 times the total. 10,000 is that far from 8,230 and from 12,150:
  for (const total of [8230.7, 12_149.6])
    expect(Math.abs(total - 10_000) / Math.sqrt(99 * total)).toBeCloseTo(1.96, 3)
  expect(estimateOf(mergeSamples(times(100, sampleOf(1, 0.01))))).toEqual({
    estimate: 10_000,
    low: 8230,
    high: 12_150,
    exact: false,
  })
  // Of 4 occurrences each at 50 %, a variance of 4 times the total:
  for (const total of [186.5, 308.8])
    expect(Math.abs(total - 240) / Math.sqrt(4 * total)).toBeCloseTo(1.96, 1)
  expect(estimateOf(mergeSamples(times(30, sampleOf(4, 0.5))))).toMatchObject({
    estimate: 240,
    low: 186,
    high: 309,
  })
})

test('under 30 kept it is the Poisson one', () => {
  expect(estimateOf(mergeSamples(times(10, sampleOf(1, 0.01))))).toEqual({
    estimate: 1000,
    low: 479,
    high: 1840,
    exact: false,
  })
})

test('what was seen is never estimated away, and what is certain is not made uncertain', () => {
  const half = mergeSamples(times(10, sampleOf(1, 0.9)))
  expect(estimateOf(half).low).toBe(10)
  const mixed = estimateOf(mergeSamples([half, ...times(1000, sampleOf(1, 1))]))
  expect(mixed).toMatchObject({ estimate: 1011, low: 1010, exact: false })
  expect(mixed.high).toBeLessThan(1030)
})

test('a part of which none was kept may be up to 3.69 weights', () => {
  const whole = mergeSamples(times(200, sampleOf(1, 0.01)))
  expect(estimateOf(asPartOf(whole, EMPTY_SAMPLE))).toEqual({ estimate: 0, low: 0, high: 369, exact: false })
  expect(estimateOf(asPartOf(sampleOf(1, 1), EMPTY_SAMPLE)).exact).toBe(true)
})

test('few that are heavy among many that are light are few', () => {
  const light = mergeSamples(times(10_000, sampleOf(1, 0.5)))
  const heavy = mergeSamples(times(10, sampleOf(1, 1e-4)))
  const { low, high } = estimateOf(mergeSamples([light, heavy]))
  const [from, to] = poissonInterval(heavy)
  expect(low).toBeGreaterThan(from)
  expect(Math.abs(low - 20_000 - from)).toBeLessThan(0.05 * from)
  expect(Math.abs(high - 20_000 - to)).toBeLessThan(0.05 * to)
})

test('one heavy session among light ones widens the interval to what it may stand for', () => {
  const light = mergeSamples(times(20, sampleOf(1, 0.5)))
  const heavy = estimateOf(mergeSamples([light, sampleOf(1, 1e-6)]))
  expect(heavy.estimate).toBe(1_000_040)
  expect(heavy.low).toBeLessThan(60_000)
  expect(heavy.high).toBeGreaterThan(5_000_000)
})

test.each([
  [200, () => 0.05],
  [2000, () => 0.05],
  [60, (n: number) => (n % 2 ? 0.3 : 0.1)],
])('of %d sessions the estimate is right on average, and 19 of 20 intervals hold them', (count, rateOf) => {
  const random = repeatableRandom(7)
  const RUNS = 2000
  let sum = 0
  let held = 0
  for (let run = 0; run < RUNS; run++) {
    const kept = Array.from({ length: count }, (_, n) => rateOf(n)).filter(rate => random() < rate)
    const { estimate, low, high } = estimateOf(mergeSamples(kept.map(rate => sampleOf(1, rate))))
    sum += estimate
    if (low <= count && count <= high) held++
  }
  expect(Math.abs(sum / RUNS / count - 1)).toBeLessThan(0.015)
  expect(held / RUNS).toBeGreaterThan(0.935)
})
