import { expect, test } from 'vitest'
import { hashSession } from '../../src/session-item.ts'
import type { StoreUnderTest } from './conformance.ts'
import {
  DAY_MS,
  idsOf,
  newEvent,
  newSession,
  newVital,
  NOW_MS,
  outcomeOf,
  presentOf,
  writeEvents,
} from './rows.ts'

const times = <Item>(count: number, make: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, n) => make(n))

/** Retention, and deletion of a person's data. */
export function testUpkeep(at: StoreUnderTest): void {
  const keep = (days: Record<string, number>) =>
    new Map(Object.entries(days).map(([project, n]) => [project, n * DAY_MS]))

  test('what is older than its project keeps goes, its counts stay', async () => {
    const aged = (days: number) =>
      newEvent({ fingerprint: ['same'] }, { ageMs: days * DAY_MS, sid: `s${days}` })
    const events = [aged(1), aged(6), aged(8), aged(20)]
    await writeEvents(at.store, events)
    await writeEvents(at.store, events, '2')
    const old = { timestampMs: NOW_MS - 20 * DAY_MS }
    await at.store.write({
      project: '1',
      events: [],
      vitals: [newVital(), newVital(old)],
      sessions: [newSession('a'), newSession('b', { startedMs: old.timestampMs })],
      sessionCounts: [{ ...newSession('c', { startedMs: old.timestampMs }), id: 'c', quantity: 5 }],
      outcomes: [],
    })
    const pruned = await at.store.prune({ nowMs: NOW_MS, keepMs: keep({ 1: 7, 2: 10 }), maxBytes: Infinity })
    expect(pruned).toMatchObject({ expired: 3, thinned: 0 })
    expect(await presentOf(at.store, events)).toEqual(idsOf(events.slice(0, 2)))
    expect(await presentOf(at.store, events, '2')).toEqual(idsOf(events.slice(0, 3)))
    expect(await at.store.group('1', events[0]!.group.id)).toMatchObject({ events: 4, sessions: 4 })
    expect((await at.store.vitals('1', 0)).rows).toMatchObject([{ samples: 1 }])
    expect((await at.store.sessions('1', 0)).all).toMatchObject([{ sample: { certain: 1 } }])
    expect(await outcomeOf(at.store, 'stored')).toBe(4)
  })

  test('many expired events take many steps, and writes go on between them', async () => {
    const old = times(1700, () => newEvent({}, { ageMs: 9 * DAY_MS }))
    await writeEvents(at.store, old)
    const pruning = at.store.prune({ nowMs: NOW_MS, keepMs: keep({ 1: 7 }), maxBytes: Infinity })
    const fresh = times(20, () => newEvent())
    await writeEvents(at.store, fresh)
    expect((await pruning).expired).toBe(1700)
    expect(await presentOf(at.store, [...old, ...fresh])).toEqual(idsOf(fresh))
  })

  test('where there is no room, events are thinned out by their age', async () => {
    const page = { note: 'x'.repeat(4000) }
    // As many in each quarter of 80 days, in two groups; and one group of a single old event.
    const quarters = times(4, quarter =>
      times(300, n =>
        newEvent(
          { extra: page, fingerprint: [`group ${n % 2}`] },
          { ageMs: Math.floor((quarter * 20 + (n / 300) * 20) * DAY_MS) },
        ),
      ),
    )
    const rare = newEvent({ extra: page, fingerprint: ['rare'] }, { ageMs: 79 * DAY_MS })
    await writeEvents(at.store, [...quarters.flat(), rare])
    const usedBytes = await at.store.usedBytes()
    const maxBytes = usedBytes * 0.6
    const pruned = await at.store.prune({ nowMs: NOW_MS, keepMs: keep({ 1: 90 }), maxBytes })
    expect(pruned.expired).toBe(0)
    expect(pruned.thinned).toBeGreaterThan(300)
    expect(pruned.usedBytes).toBeLessThanOrEqual(maxBytes * 0.9)
    expect(await at.store.usedBytes()).toBe(pruned.usedBytes)

    const kept = await Promise.all(quarters.map(async events => (await presentOf(at.store, events)).length))
    const latest = quarters[0]!.slice(0, 100)
    expect(await presentOf(at.store, latest)).toEqual(idsOf(latest))
    expect(kept[0]!).toBeGreaterThan(kept[1]!)
    expect(kept[1]!).toBeGreaterThan(kept[3]!)
    expect(kept[3]!).toBeGreaterThan(0)
    expect(await presentOf(at.store, [rare])).toEqual([rare.eventId])
    expect((await at.store.group('1', quarters[0]![0]!.group.id))?.events).toBe(600)

    // With room again nothing more goes, and with less room a part of what was kept.
    const again = await at.store.prune({ nowMs: NOW_MS, keepMs: keep({ 1: 90 }), maxBytes })
    expect(again.thinned).toBe(0)
  })

  test('a person is forgotten by id, email, name or session, with the sessions it was in', async () => {
    const ann = { id: 7, email: 'ann@shop.example', username: 'ann' }
    const events = {
      byUser: newEvent({ user: ann, tags: { user_email: ann.email } }, { sid: 'tab' }),
      sameTab: newEvent({ message: 'before she signed in' }, { sid: 'tab' }),
      wrote: newEvent({ contexts: { feedback: { message: 'hi', contact_email: ann.email } } }),
      other: newEvent({ user: { id: 77, email: 'bob@shop.example' } }, { sid: 'other tab' }),
    }
    const all = Object.values(events)
    await writeEvents(at.store, all)
    await writeEvents(at.store, all, '2')
    await at.store.write({
      project: '1',
      events: [],
      sessions: [newSession('tab'), newSession('other tab')],
      outcomes: [],
    })
    expect(await at.store.forget({ project: '1', id: ann.email })).toBe(3)
    expect(await presentOf(at.store, all)).toEqual([events.other.eventId])
    expect(await presentOf(at.store, all, '2')).toEqual(idsOf(all))
    expect((await at.store.sessions('1', 0)).all).toMatchObject([{ sample: { certain: 1 } }])
    const { facets } = (await at.store.group('1', events.byUser.group.id))!
    expect(JSON.stringify(facets)).not.toContain(ann.email)

    expect(await at.store.forget({ project: '2', id: '7' })).toBe(2)
    expect(await at.store.forget({ project: '2', id: 'ann' })).toBe(0)
    expect(await at.store.forget({ project: '2', id: 'other tab' })).toBe(1)
    expect(await presentOf(at.store, all, '2')).toEqual([events.wrote.eventId])
    expect(hashSession('session', 'tab')).toBe(events.byUser.session)
  })
}
