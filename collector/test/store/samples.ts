import { expect, test } from 'vitest'
import { estimateOf } from '../../src/estimate.ts'
import type { NewEvent } from '../../src/group-store.ts'
import type { Claim } from '../../src/sample-claim.ts'
import { SLOT_MS, SLOTS } from '../../src/sampling-rules.ts'
import { hashSession } from '../../src/session-item.ts'
import type { StoreUnderTest } from './conformance.ts'
import { askGroups } from './group-questions.ts'
import { newEvent, NOW_MS, outcomeOf, writeEvents } from './rows.ts'

const FP = 'f'.repeat(16)

const sampledEvent = (sid: string, claim: Partial<Claim>): NewEvent => ({
  ...newEvent({ fingerprint: ['one'] }, { sid }),
  claim: { fp: FP, rate: 1, n: 1, ...claim },
})

const heldBack = (id: string, sid: string, rows: Claim[]) => ({
  project: '1',
  events: [],
  heldBack: [{ id, session: hashSession('session', sid), receivedMs: NOW_MS, rows }],
  outcomes: [],
})

/** Counts that are estimates. */
export function testSamples(at: StoreUnderTest): void {
  const estimates = async (event: NewEvent) => {
    const group = await at.store.group('1', event.group.id)
    if (!group) throw new Error('There is no such group.')
    const { samples } = group
    return { events: estimateOf(samples.events), sessions: estimateOf(samples.sessions) }
  }
  const exact = (count: number) => ({ estimate: count, low: count, high: count, exact: true })

  test('events that nothing was sampled of are counted exactly, with what they stand for', async () => {
    const events = [sampledEvent('a', { n: 1 }), sampledEvent('a', { n: 3 }), sampledEvent('b', {})]
    await writeEvents(at.store, events)
    expect(await estimates(events[0]!)).toEqual({ events: exact(5), sessions: exact(2) })
  })

  test('sampled events are estimated by n/p, their sessions by 1/p', async () => {
    const events = Array.from({ length: 40 }, (_, i) => sampledEvent(`s${i}`, { rate: 0.1, n: 2 }))
    await writeEvents(at.store, events)
    const { events: occurrences, sessions } = await estimates(events[0]!)
    expect([occurrences.estimate, sessions.estimate]).toEqual([800, 400])
    // By the variance 40 · 400 · 0.9: as far as 1.96 deviations, and half of it for the sessions.
    expect([occurrences.low, occurrences.high]).toEqual([596, 1073])
    expect([sessions.low, sessions.high]).toEqual([298, 537])
    const [row] = (await askGroups(at).list()).rows
    expect(row).toMatchObject({ events: 800, sessions: 400, trend: [0, 0, 800] })
    expect(row?.samples).toEqual((await at.store.group('1', events[0]!.group.id))?.samples)
  })

  test('all events of a session are one draw, in one write or in many', async () => {
    const events = Array.from({ length: 4 }, () => sampledEvent('a', { rate: 0.5, n: 2 }))
    await writeEvents(at.store, events.slice(0, 2))
    await at.store.write({ project: '1', events: events.slice(2), outcomes: [] })
    const group = await at.store.group('1', events[0]!.group.id)
    expect(group?.samples.events).toEqual({
      certain: 0,
      draws: 1,
      seen: 8,
      weighted: 16,
      squares: 256,
      variance: 128,
      largest: 16,
    })
    expect(group?.samples.sessions).toMatchObject({ draws: 1, weighted: 2 })
  })

  test('a session counts by the largest rate that it was kept under', async () => {
    const events = [sampledEvent('a', { rate: 0.01 }), sampledEvent('a', { rate: 1 })]
    await writeEvents(at.store, [events[0]!])
    await writeEvents(at.store, [events[1]!])
    const { events: occurrences, sessions } = await estimates(events[0]!)
    expect([occurrences.estimate, sessions.estimate]).toEqual([101, 1])
  })

  test('what was held back counts with its events, once for each delivery', async () => {
    const event = sampledEvent('a', { rate: 0.5 })
    await writeEvents(at.store, [event])
    const delivery = heldBack('d1', 'a', [{ fp: FP, rate: 0.5, n: 10 }])
    for (let i = 0; i < 2; i++) await at.store.write(delivery)
    const { events, sessions } = await estimates(event)
    expect([events.estimate, sessions.estimate]).toEqual([22, 2])
  })

  test('what was held back counts under no higher rate than what was kept: others have lost theirs', async () => {
    const event = sampledEvent('a', { rate: 0.5 })
    await writeEvents(at.store, [event])
    await at.store.write(heldBack('d1', 'a', [{ fp: FP, rate: 1, n: 10 }]))
    const { events, sessions } = await estimates(event)
    expect([events.estimate, sessions.estimate]).toEqual([22, 2])
  })

  test('what was held back comes with its first event in one transaction', async () => {
    const event = sampledEvent('a', {})
    await at.store.write({ ...heldBack('d1', 'a', [{ fp: FP, rate: 1, n: 10 }]), events: [event] })
    expect(await estimates(event)).toMatchObject({ events: exact(11), sessions: exact(1) })
  })

  test('what was held back of nobody knows which error is unattributed', async () => {
    const rows = [
      { fp: null, rate: 1, n: 7 },
      { fp: 'unknown', rate: 1, n: 5 },
    ]
    await at.store.write(heldBack('d1', 'a', rows))
    await expect.poll(() => outcomeOf(at.store, 'client', 'unattributed')).toBe(12)
  })

  test('groups that are merged have the estimate of both', async () => {
    const one = sampledEvent('a', { rate: 0.1 })
    const two = { ...newEvent({ fingerprint: ['two'] }, { sid: 'b' }), claim: { fp: FP, rate: 0.2, n: 3 } }
    await writeEvents(at.store, [one, two])
    const id = await at.store.mergeGroups('1', [one.group.id, two.group.id], { who: null, atMs: NOW_MS })
    const group = await at.store.group('1', id!)
    expect(group?.samples).toMatchObject({
      events: { certain: 0, draws: 2, seen: 4, weighted: 25, largest: 15 },
      sessions: { certain: 0, draws: 2, weighted: 15 },
    })
    expect(group).toMatchObject({ events: 25, sessions: 15 })
  })

  test('arrivals of the last half minute are summed up by fingerprint, the hottest first', async () => {
    const arrive = (slots: number, weights: [string, number][]) =>
      at.store.addArrivals('1', SLOT_MS * (1000 - slots), new Map(weights))
    await arrive(SLOTS, [['a', 1000]])
    await arrive(SLOTS - 1, [['a', 1]])
    await arrive(1, [['a', 2]])
    await arrive(0, [
      ['a', 3],
      ['b', 40],
    ])
    await arrive(0, [['a', 4]])
    const a = { fp: 'a', current: 7, previous: 2, all: 10 }
    const b = { fp: 'b', current: 40, previous: 0, all: 40 }
    expect(await at.store.arrivals('1', SLOT_MS * 1000 + 1)).toEqual({
      hottest: [b, a],
      total: { current: 47, previous: 2, all: 50 },
    })
    expect((await at.store.arrivals('2', SLOT_MS * 1000)).hottest).toEqual([])
  })
}
