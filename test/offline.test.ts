// What there is room for, in memory and in IndexedDB. (That database, in real browsers: e2e/offline.spec.ts.)

import { expect, test, vi } from 'vitest'
import { bound, type Envelope } from '../src/offline.ts'

const envelope = (n: number, text = 't'): Envelope => ({
  key: n,
  url: '',
  claim: { sid: 's', id: 'i' },
  text,
  events: 1,
  told: [],
})
/** Those that stay, and those that are lost. */
const split = (envelopes: Envelope[]) => {
  const lost: number[] = []
  return { kept: bound(envelopes, ({ key }) => void lost.push(key)).map(({ key }) => key), lost }
}

test('the newest 30 stay, newest first, whatever the order in which they came', () => {
  const numbers = [3, 1, 2, 0, ...Array.from({ length: 29 }, (_, i) => i + 4)]
  expect(split(numbers.map(n => envelope(n)))).toEqual({
    kept: Array.from({ length: 30 }, (_, i) => 32 - i),
    lost: [2, 1, 0],
  })
})

test('no more than 512 KB stay', () => {
  const { kept, lost } = split(Array.from({ length: 6 }, (_, n) => envelope(n, 'x'.repeat(100_000))))
  expect(kept[0]).toBe(5)
  expect(2 * 100_000 * kept.length).toBeLessThanOrEqual(512 * 1024)
  expect(lost.length + kept.length).toBe(6)
})

test('what is older than the first that has no room is lost, however short', () => {
  expect(split([envelope(3), envelope(2, 'x'.repeat(300_000)), envelope(1)])).toEqual({
    kept: [3],
    lost: [2, 1],
  })
})

test.each(['sort', 'filter', 'splice', 'slice', 'push', 'pop'] as const)(
  'where a page has made `%s` do nothing, no more than 30 stay either',
  name => {
    const envelopes = Array.from({ length: 33 }, (_, n) => envelope(33 - n))
    let lost = 0
    vi.spyOn(Array.prototype, name).mockReturnValue(undefined as never)
    const kept = bound(envelopes, () => lost++)
    vi.restoreAllMocks()
    expect([kept.length, lost]).toEqual([30, 3])
  },
)
