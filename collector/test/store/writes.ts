import { expect, test } from 'vitest'
import type { StoreUnderTest } from './conformance.ts'
import { idsOf, newEvent, newSession, newVital, NOW_MS, outcomeOf, presentOf, writeEvents } from './rows.ts'

/** What is written is there, once. */
export function testWrites(at: StoreUnderTest): void {
  test('what was written is there when the store is opened again', async () => {
    const event = newEvent({ message: 'kept' })
    const write = {
      project: '1',
      events: [event],
      vitals: [newVital()],
      sessions: [newSession('a')],
      sessionCounts: [{ ...newSession('b'), id: 'b', quantity: 7 }],
      outcomes: [{ kind: 'accepted' as const, reason: '', quantity: 1 }],
    }
    expect(await at.store.write(write)).toEqual({ ok: true })
    await at.reopen()
    const { payload, timestampMs, receivedMs } = (await at.store.event('1', event.eventId))!
    expect([JSON.parse(payload).message, timestampMs, receivedMs]).toEqual([
      'kept',
      event.timestampMs,
      event.receivedMs,
    ])
    expect((await at.store.vitals('1', 0)).rows).toMatchObject([{ page: '/cart', samples: 1 }])
    expect((await at.store.sessions('1', 0)).all).toMatchObject([{ sample: { certain: 8 } }])
    expect(await outcomeOf(at.store, 'accepted')).toBe(1)
    expect(await outcomeOf(at.store, 'stored')).toBe(1)
  })

  test('an event that comes again is counted as a duplicate and changes nothing, even after a restart', async () => {
    const event = newEvent({ message: 'first' })
    await writeEvents(at.store, [event])
    await at.reopen()
    await writeEvents(at.store, [{ ...newEvent({ message: 'second' }), eventId: event.eventId }, event])
    expect(JSON.parse((await at.store.event('1', event.eventId))!.payload).message).toBe('first')
    expect(await outcomeOf(at.store, 'stored')).toBe(1)
    expect(await outcomeOf(at.store, 'filtered', 'duplicate')).toBe(2)
    expect((await at.store.group('1', event.group.id))?.events).toBe(1)
  })

  test('what a client says was dropped is counted with its event, once however often both come', async () => {
    const outcomes = [{ kind: 'client' as const, reason: 'ignored', quantity: 5 }]
    const write = { project: '1', events: [newEvent()], outcomes }
    for (let n = 0; n < 3; n++) await at.store.write(write)
    expect(await outcomeOf(at.store, 'client', 'ignored')).toBe(5)
    await at.store.write({ ...write, events: [newEvent()] })
    await at.store.write({ ...write, events: [] })
    expect(await outcomeOf(at.store, 'client', 'ignored')).toBe(15)
  })

  test('the same id within one write, and in writes at once, is one event', async () => {
    const event = newEvent()
    const write = { project: '1', events: [event, event], outcomes: [] }
    await Promise.all(Array.from({ length: 20 }, () => at.store.write(write)))
    expect(await outcomeOf(at.store, 'stored')).toBe(1)
    expect(await outcomeOf(at.store, 'filtered', 'duplicate')).toBe(39)
  })

  test('of many writes at once all are there, and the counts add up to the rows', async () => {
    const events = Array.from({ length: 500 }, (_, n) =>
      newEvent({ fingerprint: [`group ${n % 7}`] }, { sid: `s${n % 50}` }),
    )
    await writeEvents(at.store, events)
    expect(await presentOf(at.store, events)).toEqual(idsOf(events))
    const groups = await Promise.all(
      [...new Set(events.map(({ group }) => group.id))].map(id => at.store.group('1', id)),
    )
    expect(groups.map(group => group?.events).reduce((sum = 0, n = 0) => sum + n)).toBe(500)
    expect(groups.map(group => group?.sessions)).toEqual(Array(7).fill(50))
    expect(await outcomeOf(at.store, 'stored')).toBe(500)
  })

  test('projects do not see each other', async () => {
    const event = newEvent()
    const { eventId, group } = event
    await at.store.write({
      project: '1',
      events: [event],
      vitals: [newVital()],
      sessions: [newSession('a')],
      outcomes: [],
    })
    expect([
      await at.store.event('2', eventId),
      await at.store.group('2', group.id),
      (await at.store.groupEvents('2', group.id, { after: null, limit: 9 })).rows,
      (await at.store.vitals('2', 0)).rows,
      (await at.store.sessions('2', 0)).all,
      await at.store.outcomes('2'),
    ]).toEqual([null, null, [], [], [], []])
    await writeEvents(at.store, [event], '2')
    expect(await outcomeOf(at.store, 'filtered', 'duplicate', '2')).toBe(0)
  })

  test('a vital that comes again is one measurement', async () => {
    const vital = newVital({ value: 2000, weight: 3 })
    for (let time = 0; time < 2; time++)
      await at.store.write({ project: '1', events: [], vitals: [vital], outcomes: [] })
    expect((await at.store.vitals('1', 0)).rows).toEqual([
      { page: '/cart', name: 'LCP', p75: 2000, samples: 1, weight: 3 },
    ])
    expect(await outcomeOf(at.store, 'filtered', 'metric:duplicate')).toBe(1)
  })

  test.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 0, 2, 2, 1, 0]]])(
    'updates of a session are merged the same in the order %j',
    async order => {
      const updates = [
        newSession('a', { updatedMs: NOW_MS, status: 'ok', rate: 0.5 }),
        newSession('a', { updatedMs: NOW_MS + 5, status: 'crashed', errors: 1, release: null, rate: 0.5 }),
        newSession('a', { updatedMs: NOW_MS + 9, status: 'exited', release: 'shop@2', rate: 0.25 }),
      ]
      for (const index of order)
        await at.store.write({ project: '1', events: [], sessions: [updates[index]!], outcomes: [] })
      expect((await at.store.sessions('1', 0)).releases).toMatchObject([
        { release: 'shop@2', counts: [{ status: 'crashed', sample: { draws: 1, weighted: 2 } }] },
      ])
    },
  )

  test('counts come with the next transaction, and clients cannot invent reasons without end', async () => {
    for (let n = 0; n < 300; n++)
      at.store.count('1', [{ kind: 'client', reason: `made up ${n}`, quantity: 2 }])
    await expect
      .poll(async () => {
        const outcomes = await at.store.outcomes('1')
        return outcomes.reduce((sum, { quantity }) => sum + quantity, 0)
      })
      .toBe(600)
    expect((await at.store.outcomes('1')).length).toBeLessThanOrEqual(101)
    expect(await outcomeOf(at.store, 'client', 'other')).toBeGreaterThanOrEqual(398)
  })

  test('it is healthy while it answers', async () => {
    expect(await at.store.isHealthy()).toBe(true)
  })
}
