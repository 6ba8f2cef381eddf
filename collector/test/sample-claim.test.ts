import { threshold } from 'ohnoes/sampling'
import { expect, test } from 'vitest'
import { MAX_N, readClaim, UNSAMPLED } from '../src/sample-claim.ts'

const SID = '0123456789abcdef0123456789abcdef'
const FP = 'a66ab80c678ad8a9'
const u = threshold(SID, FP)
const kept = (u + 1) / 2

test('an honest claim is taken as it is', () => {
  expect(readClaim(SID, { fp: FP, u, p: kept, n: 4 })).toEqual({
    fp: FP,
    rate: kept,
    n: 4,
    isCorrected: false,
  })
})

test.each([
  ['a rate that would not have kept the session', { p: u / 2 }, { rate: 1 }],
  ['its own threshold', { p: u }, { rate: 1 }],
  ['more sessions than a million', { p: 1e-9 }, { rate: 1 }],
  ['a rate of nothing', { p: 0 }, { rate: 1 }],
  ['a rate above all', { p: 2 }, { rate: 1 }],
  ['no number', { p: 'all', n: {} }, { rate: 1, n: 1 }],
  ['more occurrences than a session has', { p: 1, n: 1e12 }, { n: MAX_N }],
  ['a negative count', { p: 1, n: -5 }, { n: 1 }],
  ['parts of an occurrence', { p: 1, n: 2.5 }, { n: 2 }],
])('%s is corrected', (_, claim, corrected) => {
  expect(readClaim(SID, { fp: FP, ...claim })).toMatchObject({ ...corrected, isCorrected: true })
})

test('its u is never believed: it is computed anew', () => {
  expect(readClaim(SID, { fp: FP, u: 0, p: u / 2, n: 1 })).toMatchObject({ rate: 1, isCorrected: true })
})

test.each([
  [undefined, { fp: FP }],
  [SID, undefined],
  [SID, { p: 0.5 }],
  ['x'.repeat(201), { fp: FP, p: 0.5 }],
])('without a session and a fingerprint nothing is known of sampling', (sid, claim) =>
  expect(readClaim(sid, claim)).toEqual({ ...UNSAMPLED, isCorrected: false }),
)
