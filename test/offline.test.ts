// What waits in memory, where there is no IndexedDB. (With one, in real browsers: e2e/offline.spec.ts.)

import { beforeEach, expect, test } from 'vitest'
import { stats } from '../src/ledger.ts'
import { backlog, keep, type Envelope } from '../src/offline.ts'

const envelope = (n: number, text = 't'): Envelope => ({
  key: `17000000000${10 + n}${'e'.repeat(32)}`,
  url: '',
  head: { ohnoes: { sid: 's', id: 'i' } },
  text,
  category: 'error',
})
const waiting = () =>
  [...backlog.values()].map(({ key }) => Number(key.slice(11, 13)) - 10).sort((a, b) => a - b)

beforeEach(() => {
  backlog.clear()
  stats.dropped = {}
})

test('the newest 30 wait, whatever the order in which they came, and the rest is counted', () => {
  for (const n of [3, 1, 2, 0]) keep(envelope(n))
  for (let n = 4; n < 33; n++) keep(envelope(n))
  expect(waiting()).toEqual(Array.from({ length: 30 }, (_, i) => i + 3))
  expect(stats.dropped).toEqual({ queue_overflow: 3 })
})

test('no more than 512 KB wait', () => {
  for (let n = 0; n < 6; n++) keep(envelope(n, 'x'.repeat(100_000)))
  expect(waiting().at(-1)).toBe(5)
  expect(2 * 100_000 * backlog.size).toBeLessThanOrEqual(512 * 1024)
  expect(stats.dropped.queue_overflow! + backlog.size).toBe(6)
})

test('what waits twice is once there', () => {
  keep(envelope(1))
  keep(envelope(1))
  expect(waiting()).toEqual([1])
})

test('an envelope without an event is no loss of one', () => {
  for (let n = 0; n < 31; n++) keep({ ...envelope(n), category: 'session' })
  expect(stats.dropped).toEqual({})
})
