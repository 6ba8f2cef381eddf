// What storm control decides; that a repeat is never looked into, and what is
// done where there is no place, is in e2e/storm.spec.ts.

import fc from 'fast-check'
import { beforeEach, expect, test, vi } from 'vitest'
import { configure } from '../src/options.ts'
import { threshold } from '../src/sample.ts'
import { currentSession, forgetSession, saveSession } from '../src/session.ts'
import { admit, stormCounts, stormOf } from '../src/storm.ts'

let storage: Record<string, string>
let nowMs = 0

beforeEach(() => {
  vi.stubGlobal('sessionStorage', (storage = {}))
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  nowMs += 600_000 // so that the bucket is full
  forgetSession()
  configure({ maxEventsPerMinute: 1e6 })
})

/** What the occurrences that leave stand for, with 0 for those that are held back. */
const meet = (text: string, times: number) => Array.from({ length: times }, () => admit(stormOf(text)))
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)
const rows = () => {
  const item = stormCounts()?.split('\n')[2]
  return item
    ? (JSON.parse(item) as { id: string; sid: string; rows: { fp?: string; n: number }[] })
    : undefined
}

test('the occurrences 1, 2, 4, 8, … leave, each with how many there were since the last one', () => {
  expect(meet('x', 20).map((n, i) => (n ? [i + 1, n] : []))).toEqual(
    Array.from(
      { length: 20 },
      (_, i) => ({ 1: [1, 1], 2: [2, 1], 4: [4, 2], 8: [8, 4], 16: [16, 8] })[i + 1] ?? [],
    ),
  )
})

test('what differs in anything within 512 characters is another storm', () => {
  expect(meet('a', 1)).toEqual([1])
  expect(meet('a'.repeat(511) + 'b', 1)).toEqual([1])
  expect(meet('a'.repeat(511) + 'c', 1)).toEqual([1])
})

test('past 256 storms the rest is one, whose events stand for themselves alone', () => {
  for (let i = 0; i < 256; i++) expect(meet(`storm ${i}`, 1)).toEqual([1])
  const overflow = Array.from({ length: 1000 }, (_, i) => meet(`more ${i}`, 1)[0]!)
  expect(overflow.filter(Boolean)).toEqual(Array(10).fill(1))
  expect(Object.keys(currentSession().storms)).toHaveLength(257)
  expect(meet('storm 3', 1)).toEqual([1])
})

test('what the bucket refuses is due with the next, and is not forgotten', () => {
  configure({ maxEventsPerMinute: 1 })
  expect([...meet('a', 1), ...meet('b', 5)]).toEqual([1, 0, 0, 0, 0, 0])
  nowMs += 60_000
  expect(meet('b', 1)).toEqual([6])
})

test('what is held back of kept errors leaves once, under their fingerprint and rate', () => {
  const { sid } = currentSession()
  const fps = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(16, 'f'))
  const [inside, outside] = [0, 1].map(half => fps.find(fp => Math.floor(2 * threshold(sid, fp)) == half))
  const claimOf = (fp = '') => ({ fp, u: threshold(sid, fp), p: 0.5 })
  meet('kept', 4)
  stormOf('kept').claim = claimOf(inside)
  meet('kept', 2) // one more than may leave by itself
  meet('sampled out', 3)
  meet('sampled out since', 3)
  stormOf('sampled out since').claim = claimOf(outside)
  expect(rows()).toEqual({
    id: expect.stringMatching(/^[\da-f]{32}$/),
    sid,
    rows: [{ fp: inside, u: threshold(sid, inside!), p: 0.5, n: 2 }],
  })
  expect(rows()).toBeUndefined()
})

test('a storm whose last event was sampled out tells nothing more', () => {
  meet('x', 1)
  stormOf('x').claim = { p: 1 }
  meet('x', 2) // of which one leaves, and is not kept
  expect(rows()).toBeUndefined()
})

test('each occurrence is in an event or in a row, exactly once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(90), { maxLength: 600 }),
      fc.integer({ min: 1, max: 600 }),
      (all, hideEvery) => {
        forgetSession()
        let told = 0
        const hide = () => (told += sum(rows()?.rows.map(row => row.n) ?? []))
        for (const [i, key] of all.entries()) {
          told += meet(`${key}`, 1)[0]!
          for (const storm of Object.values(currentSession().storms)) storm.claim = { p: 1 }
          if (i % hideEvery == 0) hide()
        }
        hide()
        return told == all.length
      },
    ),
  )
})

test('a page that reloads in a loop goes on where it was', () => {
  const left = Array.from({ length: 64 }, () => {
    const [n] = meet('thrown at load', 1)
    const stored = (saveSession(), { ...storage })
    forgetSession()
    Object.assign(storage, stored)
    return n!
  })
  expect(left.filter(Boolean)).toEqual([1, 1, 2, 4, 8, 16, 32])
})
