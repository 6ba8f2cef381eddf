import { expect, test } from 'vitest'
import { eventCountsOf } from '../src/outcome-sums.ts'
import type { Outcome } from '../src/store.ts'

const outcomes: Outcome[] = [
  { kind: 'accepted', reason: '', quantity: 100 },
  { kind: 'stored', reason: '', quantity: 90 },
  { kind: 'filtered', reason: 'duplicate', quantity: 6 },
  { kind: 'filtered', reason: 'filter:crawlers', quantity: 7 },
  { kind: 'filtered', reason: 'item:attachment', quantity: 1000 },
  { kind: 'rate_limited', reason: 'key_quota', quantity: 11 },
  { kind: 'shed', reason: '', quantity: 500 },
  { kind: 'shed', reason: 'held_back', quantity: 40 },
  { kind: 'invalid', reason: 'bad_json', quantity: 2 },
  { kind: 'client', reason: 'storm_control', quantity: 300 },
  { kind: 'client', reason: 'sample_rate', quantity: 20 },
  { kind: 'client', reason: 'unattributed', quantity: 5 },
]

test('each known occurrence is in one place: received and shed, filtered or over a limit, or never sent', () => {
  const { known, received, neverSent, lines, client } = eventCountsOf(outcomes)
  expect([known, received, neverSent]).toEqual([940, 620, 320])
  const whole = (of: typeof lines) =>
    of.filter(({ depth }) => depth === 0).reduce((sum, { quantity }) => sum + quantity, 0)
  expect([whole(lines), whole(client)]).toEqual([received, neverSent])
})

test('what pages told of repeats afterwards is a part of them, and not counted again', () => {
  expect(eventCountsOf(outcomes).client).toEqual([
    { title: 'repeats that storm control held back', quantity: 300, depth: 0 },
    { title: 'told afterwards, and shed', quantity: 40, depth: 1 },
    { title: 'told afterwards, of no error that is known', quantity: 5, depth: 1 },
    { title: 'sampled out', quantity: 20, depth: 0 },
  ])
})
