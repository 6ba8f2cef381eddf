// Whether thresholds are what the estimates take them for: uniform, and independent from error to error.
// Here on a share; all of it (10⁶ sessions, 100 fingerprints) is `npm run uniformity`, which prints its figures.

import { createCipheriv } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { threshold } from '../src/sample.ts'

const IS_PROOF = process.env.MODE === 'proof'
const SESSIONS = IS_PROOF ? 1_000_000 : 20_000
const FINGERPRINTS = IS_PROOF ? 100 : 10
/** Of one variable; a pair has as many in its square. */
const BINS = IS_PROOF ? 1024 : 64
const SIDE = Math.sqrt(BINS)
const RATES = [0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6]
/** One sound generator in 10,000 is beyond, even at the 100 trials of each kind. */
const MAX_Z = 4.75

/** Hex digits of a stream cipher: the same in every run. */
function randomIds(count: number, bytes: number, seed: number): string[] {
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(
    Buffer.alloc(count * bytes),
  )
  return Array.from({ length: count }, (_, i) => stream.toString('hex', i * bytes, (i + 1) * bytes))
}

const tables = () => Array.from({ length: FINGERPRINTS }, () => new Uint32Array(BINS))
const counted = (count: number) => Array.from({ length: count }, (_, i) => i.toString(16).padStart(16, '0'))

describe.each([
  ['random ids', () => [randomIds(SESSIONS, 16, 1), randomIds(FINGERPRINTS, 8, 2)]],
  ['sequential ids', () => [Array.from({ length: SESSIONS }, (_, i) => `${i}`), counted(FINGERPRINTS)]],
])('of %s', (name, ids) => {
  const single = tables()
  const pairs = tables()
  const below = RATES.map(() => 0)
  beforeAll(() => {
    const [sessions, fingerprints] = ids() as [string[], string[]]
    for (const session of sessions) {
      let before = threshold(session, fingerprints.at(-1)!)
      for (const [i, fingerprint] of fingerprints.entries()) {
        const u = threshold(session, fingerprint)
        single[i]![Math.floor(u * BINS)]!++
        pairs[i]![Math.floor(u * SIDE) * SIDE + Math.floor(before * SIDE)]!++
        for (let r = 0; r < RATES.length && u < RATES[r]!; r++) below[r]!++
        before = u
      }
    }
  }, 600_000)

  test.each([
    ['thresholds are uniform for each error', single],
    ['thresholds of two errors are independent', pairs],
  ])('%s', (what, counts) => {
    const zs = counts.map(chiSquareZ)
    const mean = zs.reduce((sum, z) => sum + z, 0) / zs.length
    if (IS_PROOF)
      console.log(`${name}: ${what}: largest z ${Math.max(...zs).toFixed(2)}, mean ${mean.toFixed(3)}`)
    expect(Math.max(...zs)).toBeLessThan(MAX_Z)
    expect(mean * Math.sqrt(zs.length)).toBeLessThan(MAX_Z)
  })

  test('a rate keeps its share, down to one in a million', () => {
    const trials = SESSIONS * FINGERPRINTS
    for (const [r, rate] of RATES.entries()) {
      const z = (below[r]! - trials * rate) / Math.sqrt(trials * rate * (1 - rate))
      if (IS_PROOF) console.log(`${name}: rate ${rate}: kept ${below[r]} of ${trials}, z ${z.toFixed(2)}`)
      // Where next to nothing is expected, the normal law is none.
      if (trials * rate >= 20) expect(Math.abs(z)).toBeLessThan(MAX_Z)
    }
  })
})

test('a generator that prefers one value in a hundred is found out', () => {
  const table = new Uint32Array(BINS).fill(SESSIONS / BINS)
  for (let i = 0; i < BINS; i += 100) table[i]! *= 2
  expect(chiSquareZ(table)).toBeGreaterThan(MAX_Z)
})

/** How far a table is from even, in standard deviations (Wilson and Hilferty, PNAS 17, 1931, 684–688). */
function chiSquareZ(table: Uint32Array): number {
  const expected = table.reduce((sum, n) => sum + n, 0) / table.length
  const chiSquare = table.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
  const spread = 2 / (9 * (table.length - 1))
  return (Math.cbrt(chiSquare / (table.length - 1)) - (1 - spread)) / Math.sqrt(spread)
}
