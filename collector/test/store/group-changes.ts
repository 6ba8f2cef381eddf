import { expect, test } from 'vitest'
import type { StoreUnderTest } from './conformance.ts'
import { askGroups, BY_ANN, eventIn, NOW_MS } from './group-questions.ts'

/** What people do to groups, and what the store notices by itself. */
export function testGroupChanges(at: StoreUnderTest): void {
  const { write, list, statusOf } = askGroups(at)

  test('a status stays, with who set it and when', async () => {
    const [id] = await write(eventIn({ fingerprint: 'x' }))
    await at.store.setStatus('1', [id!, 'unknown'], { status: 'muted', ...BY_ANN })
    await at.store.setStatus('1', [id!], { status: 'muted', who: 'bob', atMs: NOW_MS + 1 })
    await write(eventIn({ fingerprint: 'x' }))
    expect(await at.store.group('1', id!)).toMatchObject({
      status: 'muted',
      events: 2,
      changes: [{ change: 'muted', ...BY_ANN }],
    })
    expect(await at.store.statusCounts('1')).toEqual({ unresolved: 0, resolved: 0, muted: 1, regressed: 0 })
    await at.store.setStatus('1', [id!], { status: 'unresolved', ...BY_ANN })
    expect(await statusOf(id!)).toBe('unresolved')
  })

  test('a resolved group stays resolved in the releases that had the error, and regresses in a later one', async () => {
    const event = (release: string | undefined, seconds: number) =>
      eventIn(
        { fingerprint: 'x', release, timestamp: NOW_MS / 1000 + seconds },
        { receivedMs: NOW_MS + seconds * 1000 },
      )
    const [id] = await write(event('1', 0), event('2', 1))
    await at.store.setStatus('1', [id!], { status: 'resolved', who: null, atMs: NOW_MS + 5000 })
    await write(event('1', 10), event('2', 11))
    expect(await statusOf(id!)).toBe('resolved')
    await write(event('3', 12))
    expect(await at.store.group('1', id!)).toMatchObject({
      status: 'regressed',
      changes: [{ change: 'regressed', who: null, detail: '3' }, { change: 'resolved' }],
    })
    await at.store.setStatus('1', [id!], { status: 'resolved', who: null, atMs: NOW_MS + 15_000 })
    await write(event('3', 16))
    expect(await statusOf(id!)).toBe('resolved')
  })

  test('a resolved group without releases regresses with whatever happens after that', async () => {
    const event = (seconds: number) => eventIn({ fingerprint: 'x', timestamp: NOW_MS / 1000 + seconds })
    const [id] = await write(event(0))
    await at.store.setStatus('1', [id!], { status: 'resolved', who: null, atMs: NOW_MS + 5000 })
    await write(event(4)) // delivered late
    expect(await statusOf(id!)).toBe('resolved')
    await write(event(6))
    expect(await statusOf(id!)).toBe('regressed')
  })

  test('merged groups are one, with what comes later, and unmerged they are what they were', async () => {
    const event = (name: string, session: string, seconds: number) =>
      eventIn({ at: name, value: name, timestamp: NOW_MS / 1000 + seconds }, { session })
    const [a] = await write(event('a', 's', 0), event('a', 't', 1))
    const [b] = await write(event('b', 's', 2))
    const before = await Promise.all([a!, b!].map(id => at.store.group('1', id)))

    expect(await at.store.mergeGroups('1', [b!, a!, 'unknown'], BY_ANN)).toBe(a)
    expect((await list()).rows).toMatchObject([{ id: a, events: 3, sessions: 2, trend: [0, 0, 3] }])
    expect(await at.store.group('1', b!)).toMatchObject({ id: a, merged: [{ id: b }] })
    const later = eventIn({ at: 'b', colno: 99 }, { session: 'u' })
    await write(later)
    expect(await at.store.group('1', a!)).toMatchObject({
      events: 4,
      sessions: 3,
      changes: [{ change: 'merged' }],
    })
    expect((await at.store.groupEvents('1', a!, { after: null, limit: 9 })).rows).toHaveLength(4)

    await at.store.unmergeGroup('1', b!, BY_ANN)
    const after = await Promise.all([a!, b!].map(id => at.store.group('1', id)))
    const sums = ({ events, sessions, firstSeenMs, lastSeenMs }: any) => ({
      events,
      sessions,
      firstSeenMs,
      lastSeenMs,
    })
    expect(sums(after[0])).toEqual(sums(before[0]))
    expect(sums(after[1])).toEqual({
      ...sums(before[1]),
      events: 2,
      sessions: 2,
      firstSeenMs: later.timestampMs,
    })
    expect((await at.store.event('1', later.eventId))?.groupId).toBe(b)
  })

  test('one group cannot be merged, and neither can those of another project', async () => {
    const [id] = await write(eventIn({ fingerprint: 'x' }))
    const foreign = eventIn({ fingerprint: 'y' })
    await at.store.write({ project: '2', events: [foreign], outcomes: [] })
    expect(await at.store.mergeGroups('1', [id!, foreign.group.id], BY_ANN)).toBe(null)
    expect(await at.store.group('1', foreign.group.id)).toBe(null)
  })
}
