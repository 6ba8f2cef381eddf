import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../dist/sqlite/store.js'
import { newEventOf } from '../src/new-event.ts'
import { parseEvent } from '../src/event.ts'
import type { GroupSort, GroupsRequest } from '../src/group-store.ts'
import { joinStack } from '../src/raw-stack.ts'
import { parseSearch } from '../src/search.ts'
import type { Store } from '../src/store.ts'
import { anEvent, newDataDir, removeDataDir } from './running-collector.ts'
import { createScrubber } from '../src/scrub.ts'

const HOUR_MS = 3_600_000
const NOW_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
const BY_ANN = { who: 'ann', atMs: NOW_MS }

let dataDir: string
let store: Store
beforeEach(async () => {
  dataDir = await newDataDir()
  store = await openSqliteStore({ dataDir, log: () => {} })
})
afterEach(async () => {
  await store.close()
  await removeDataDir(dataDir)
})

/** An event whose group is named by `fingerprint`, or by the function `at` of its own build. */
function newEvent({ fingerprint, at, ...fields }: Record<string, any> = {}, more: Record<string, any> = {}) {
  const stacktrace = at && {
    frames: [
      { function: at, filename: 'https://a/app.js', lineno: 1, colno: fields.colno ?? 1, in_app: true },
    ],
  }
  const event = anEvent({
    timestamp: NOW_MS / 1000,
    ...(fingerprint && { fingerprint: [fingerprint] }),
    exception: { values: [{ type: 'TypeError', value: fields.value ?? 'no cart', stacktrace }] },
    ...fields,
  })
  const parsed = parseEvent(Buffer.from(JSON.stringify(event)), {
    header: {},
    scrubber: createScrubber(),
    receivedMs: NOW_MS,
  })
  if (!parsed.ok) throw new Error(parsed.message)
  return newEventOf(parsed.event, { receivedMs: NOW_MS, session: null, ...more })
}
type NewEvent = ReturnType<typeof newEvent>

async function write(...events: NewEvent[]) {
  expect(await store.write({ project: '1', events, outcomes: [] })).toEqual({ ok: true })
  return events.map(({ group }) => group.id)
}

function list(query = '', { sort = 'last_seen', ...more }: Partial<GroupsRequest> = {}) {
  const parsed = parseSearch(query, NOW_MS)
  if (!parsed.ok) throw new Error(parsed.message)
  const trend = { fromMs: NOW_MS - 2 * HOUR_MS, sizeMs: HOUR_MS, count: 3 }
  return store.groups('1', { search: parsed.search, sort, after: null, limit: 50, trend, ...more })
}
const names = async (query?: string, more?: Partial<GroupsRequest>) =>
  (await list(query, more)).rows.map(({ value }) => value)
const statusOf = async (id: string) => (await store.group('1', id))?.status

test('a stack is stored once however many events have it, and each event is whole again', async () => {
  const events = [1, 2, 3].map(n =>
    newEvent({
      exception: {
        values: [
          { type: 'A', value: `cause ${n}` },
          {
            type: 'B',
            value: 'v',
            stacktrace: {
              frames: [{ function: 'f', filename: 'https://a/x.js', in_app: true, vars: { n } }],
            },
          },
        ],
      },
    }),
  )
  await write(...events)
  expect(new Set(events.map(({ stack }) => stack?.id)).size).toBe(1)
  for (const [index, { eventId, stack, payload }] of events.entries()) {
    expect(payload).not.toContain('x.js')
    const stored = await store.event('1', eventId)
    expect(stored?.frames).toBe(stack?.frames)
    expect(joinStack(JSON.parse(stored!.payload), stored!.frames!).exception?.values).toMatchObject([
      { value: `cause ${index + 1}` },
      { stacktrace: { frames: [{ filename: 'https://a/x.js', vars: { n: index + 1 } }] } },
    ])
  }
})

test('builds with frames of their own are raw fingerprints of their own, in one group', async () => {
  const builds = [1, 2].map(colno => newEvent({ at: 'total', colno }))
  const [first, second] = await write(...builds)
  expect(first).toBe(second)
  expect(new Set(builds.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  expect(await store.group('1', first!)).toMatchObject({ events: 2, sessions: 2 })
})

test('a session is counted once in a group, whichever of its raw fingerprints it has', async () => {
  const [id] = await write(newEvent({ at: 'total', colno: 1 }, { session: 'a' }))
  await write(
    newEvent({ at: 'total', colno: 1 }, { session: 'a' }),
    newEvent({ at: 'total', colno: 2 }, { session: 'a' }),
    newEvent({ at: 'total', colno: 2 }, { session: 'b' }),
    newEvent({ at: 'other' }, { session: 'a' }),
    newEvent({ at: 'total' }),
  )
  expect(await store.group('1', id!)).toMatchObject({ events: 5, sessions: 3 })
})

test.each<[GroupSort, string[]]>([
  ['last_seen', ['c', 'b', 'a']],
  ['first_seen', ['b', 'c', 'a']],
  ['events', ['a', 'b', 'c']],
  ['sessions', ['b', 'a', 'c']],
])('sorted by %s, each group is on one of the pages', async (sort, expected) => {
  const at = (name: string, hoursAgo: number, session: string) =>
    newEvent({ fingerprint: name, value: name, timestamp: (NOW_MS - hoursAgo * HOUR_MS) / 1000 }, { session })
  await write(
    ...[9, 8, 7].map(hours => at('a', hours, 'x')),
    ...[6, 5, 4].map(hours => at('b', hours, `y${hours}`)),
    at('c', 7, 'x'),
    at('a', 6, 'z'),
    at('c', 1, 'x'),
  )
  const seen: string[] = []
  for (let after: GroupsRequest['after'] = null, page = 0; page < 3; page++) {
    const { rows, next } = await list('', { sort, after, limit: 1 })
    seen.push(...rows.map(({ value }) => value))
    after = next
    expect(next === null).toBe(page === 2)
  }
  expect(seen).toEqual(expected)
})

test('a list shows the trend, the newest releases and the most frequent browsers', async () => {
  const agent = (version: string) => ({
    headers: {
      'User-Agent': `Mozilla/5.0 (X11; Linux x86_64; rv:${version}) Gecko/20100101 Firefox/${version}`,
    },
  })
  const at = (hoursAgo: number, release: string, version: string) =>
    newEvent({
      fingerprint: 'x',
      timestamp: (NOW_MS - hoursAgo * HOUR_MS) / 1000,
      release,
      request: agent(version),
    })
  await write(at(2, '1', '140.0'), at(2, '1', '140.0'), at(0, '2', '128.0'), at(9, '2', '140.0'))
  expect((await list()).rows).toMatchObject([
    { trend: [2, 0, 1], releases: ['2', '1'], browsers: ['Firefox 140', 'Firefox 128'] },
  ])
})

test('a trend has its buckets filled from the first hour to the last', async () => {
  const hours = [0, 1, 5, 6, 11, 12, 99]
  const [id] = await write(
    ...hours.map(ago => newEvent({ fingerprint: 'x', timestamp: (NOW_MS - ago * HOUR_MS) / 1000 })),
  )
  const buckets = { fromMs: NOW_MS - 11 * HOUR_MS, sizeMs: 6 * HOUR_MS, count: 2 }
  expect(await store.trend('1', id!, buckets)).toEqual([2, 3])
})

test.each([
  ['cart', ['no cart', 'no cart of ann']],
  ['CART -ann', ['no cart']],
  ['"cart of"', ['no cart of ann']],
  ['100%', ['100% _']],
  ['type:Range*', ['100% _']],
  ['type:typeerror -cart', []],
  ['release:shop@2', ['no cart of ann']],
  ['release:shop@*', ['no cart', 'no cart of ann']],
  ['-release:shop@2', ['100% _', 'no cart']],
  ['environment:production', ['no cart']],
  ['browser:firefox', ['no cart']],
  ['plan:pro', ['no cart of ann']],
  ['level:warning', ['100% _']],
  ['events:>1', ['no cart']],
  ['events:1 sessions:<=1', ['100% _', 'no cart of ann']],
  ['last_seen:<1h', ['100% _']],
  ['first_seen:>90m', ['no cart', 'no cart of ann']],
  ['is:open', ['100% _', 'no cart', 'no cart of ann']],
  ['is:resolved', []],
])('%s finds %j', async (query, expected) => {
  const ua = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const hoursAgo = (hours: number) => (NOW_MS - hours * HOUR_MS) / 1000
  const first = {
    fingerprint: 'a',
    value: 'no cart',
    release: 'shop@1',
    environment: 'production',
    timestamp: hoursAgo(2),
    request: { headers: { 'User-Agent': ua } },
  }
  await write(
    newEvent(first),
    newEvent(first),
    newEvent({
      fingerprint: 'b',
      value: 'no cart of ann',
      release: 'shop@2',
      timestamp: hoursAgo(3),
      tags: { plan: 'pro' },
    }),
    newEvent({
      fingerprint: 'c',
      level: 'warning',
      timestamp: hoursAgo(0.5),
      exception: { values: [{ type: 'RangeError', value: '100% _' }] },
    }),
  )
  expect((await names(query)).sort()).toEqual(expected)
})

test.each(['is:fine', 'events:many', 'first_seen:yesterday', 'x'.repeat(401), 'a '.repeat(21)])(
  '%s is refused with what to write instead',
  query => {
    expect(parseSearch(query, NOW_MS)).toMatchObject({ ok: false, message: expect.stringMatching(/: /) })
  },
)

test('values of one facet are told apart up to a number, and counted past it', async () => {
  const [id] = await write(
    ...Array.from({ length: 150 }, (_, n) => newEvent({ fingerprint: 'x', tags: { n: String(n) } })),
  )
  const facet = (await store.group('1', id!))?.facets.find(({ key }) => key === 'tag:n')
  expect(facet).toMatchObject({ distinct: 100, events: 150, isCut: true })
  expect(facet?.values).toHaveLength(10)
})

test('a status stays, with who set it and when', async () => {
  const [id] = await write(newEvent({ fingerprint: 'x' }))
  await store.setStatus('1', [id!, 'unknown'], { status: 'muted', ...BY_ANN })
  await store.setStatus('1', [id!], { status: 'muted', who: 'bob', atMs: NOW_MS + 1 })
  await write(newEvent({ fingerprint: 'x' }))
  expect(await store.group('1', id!)).toMatchObject({
    status: 'muted',
    events: 2,
    changes: [{ change: 'muted', ...BY_ANN }],
  })
  expect(await store.statusCounts('1')).toEqual({ unresolved: 0, resolved: 0, muted: 1, regressed: 0 })
  await store.setStatus('1', [id!], { status: 'unresolved', ...BY_ANN })
  expect(await statusOf(id!)).toBe('unresolved')
})

test('a resolved group stays resolved in the releases that had the error, and regresses in a later one', async () => {
  const event = (release: string | undefined, seconds: number) =>
    newEvent(
      { fingerprint: 'x', release, timestamp: NOW_MS / 1000 + seconds },
      { receivedMs: NOW_MS + seconds * 1000 },
    )
  const [id] = await write(event('1', 0), event('2', 1))
  await store.setStatus('1', [id!], { status: 'resolved', who: null, atMs: NOW_MS + 5000 })
  await write(event('1', 10), event('2', 11))
  expect(await statusOf(id!)).toBe('resolved')
  await write(event('3', 12))
  expect(await store.group('1', id!)).toMatchObject({
    status: 'regressed',
    changes: [{ change: 'regressed', who: null, detail: '3' }, { change: 'resolved' }],
  })
  await store.setStatus('1', [id!], { status: 'resolved', who: null, atMs: NOW_MS + 15_000 })
  await write(event('3', 16))
  expect(await statusOf(id!)).toBe('resolved')
})

test('a resolved group without releases regresses with whatever happens after that', async () => {
  const event = (seconds: number) => newEvent({ fingerprint: 'x', timestamp: NOW_MS / 1000 + seconds })
  const [id] = await write(event(0))
  await store.setStatus('1', [id!], { status: 'resolved', who: null, atMs: NOW_MS + 5000 })
  await write(event(4)) // delivered late
  expect(await statusOf(id!)).toBe('resolved')
  await write(event(6))
  expect(await statusOf(id!)).toBe('regressed')
})

test('merged groups are one, with what comes later, and unmerged they are what they were', async () => {
  const event = (name: string, session: string, seconds: number) =>
    newEvent({ at: name, value: name, timestamp: NOW_MS / 1000 + seconds }, { session })
  const [a] = await write(event('a', 's', 0), event('a', 't', 1))
  const [b] = await write(event('b', 's', 2))
  const before = await Promise.all([a!, b!].map(id => store.group('1', id)))

  expect(await store.mergeGroups('1', [b!, a!, 'unknown'], BY_ANN)).toBe(a)
  expect((await list()).rows).toMatchObject([{ id: a, events: 3, sessions: 2, trend: [0, 0, 3] }])
  expect(await store.group('1', b!)).toMatchObject({ id: a, merged: [{ id: b }] })
  const later = newEvent({ at: 'b', colno: 99 }, { session: 'u' })
  await write(later)
  expect(await store.group('1', a!)).toMatchObject({
    events: 4,
    sessions: 3,
    changes: [{ change: 'merged' }],
  })
  expect((await store.groupEvents('1', a!, { after: null, limit: 9 })).rows).toHaveLength(4)

  await store.unmergeGroup('1', b!, BY_ANN)
  const after = await Promise.all([a!, b!].map(id => store.group('1', id)))
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
  expect((await store.event('1', later.eventId))?.groupId).toBe(b)
})

test('one group cannot be merged, and neither can those of another project', async () => {
  const [id] = await write(newEvent({ fingerprint: 'x' }))
  const foreign = newEvent({ fingerprint: 'y' })
  await store.write({ project: '2', events: [foreign], outcomes: [] })
  expect(await store.mergeGroups('1', [id!, foreign.group.id], BY_ANN)).toBe(null)
  expect(await store.group('1', foreign.group.id)).toBe(null)
})

test("events and their neighbours are in order of time over all of a group's raw fingerprints", async () => {
  const events = [5, 3, 8, 1, 9, 4, 4].map((seconds, n) =>
    newEvent({ at: 'total', colno: n % 3, timestamp: NOW_MS / 1000 + seconds }),
  )
  const [id] = await write(...events)
  await write(newEvent({ at: 'other' }))
  const byTime = events
    .toSorted((a, b) => a.timestampMs - b.timestampMs || (a.eventId < b.eventId ? -1 : 1))
    .map(({ eventId }) => eventId)
  const listed: string[] = []
  for (let after: GroupsRequest['after'] = null; ;) {
    const { rows, next } = await store.groupEvents('1', id!, { after, limit: 2 })
    listed.push(...rows.map(({ eventId }) => eventId))
    if (!next) break
    after = next
  }
  expect(listed).toEqual(byTime.toReversed())
  for (const [at, eventId] of byTime.entries())
    expect(await store.neighbours('1', id!, eventId)).toEqual({
      first: byTime[0],
      previous: byTime[at - 1] ?? null,
      next: byTime[at + 1] ?? null,
      last: byTime.at(-1),
    })
})

test('what is known of a raw fingerprint is not changed by an event that says otherwise', async () => {
  const event = newEvent({ fingerprint: 'x' })
  await write(event)
  const claim = { ...newEvent({ fingerprint: 'y' }), fingerprint: event.fingerprint }
  await write(claim)
  expect((await list()).rows).toMatchObject([{ id: event.group.id, events: 2 }])
})

test('what was stored before raw fingerprints is there in its groups', async () => {
  await store.close()
  await removeDataDir(dataDir)
  dataDir = await newDataDir()
  const db = new Database(join(dataDir, 'ohnoes.db'))
  db.exec(readFileSync(new URL('../migrations/001-first-cut.sql', import.meta.url), 'utf8'))
  db.exec(`INSERT INTO groups VALUES ('1', 'aa', 'E: v', 'E', 'v', '', '{"algorithm":"top-frame:1"}', ${NOW_MS}, ${NOW_MS}, 2, 2);
    INSERT INTO group_sessions VALUES ('1', 'aa', 's');
    INSERT INTO events VALUES ('1', 'e1', 'aa', ${NOW_MS}, 1, 'shop@1', NULL, 's', '{"plan":"pro"}', '{"event_id":"e1"}'),
      ('1', 'e2', 'aa', ${NOW_MS}, 1, NULL, NULL, NULL, '{}', '{}');
    PRAGMA user_version = 1;`)
  db.close()
  store = await openSqliteStore({ dataDir, log: () => {} })
  expect((await list('plan:pro release:shop@1')).rows).toMatchObject([
    { id: 'aa', status: 'unresolved', events: 2, sessions: 2, trend: [0, 0, 2], releases: ['shop@1'] },
  ])
  expect(await store.event('1', 'e1')).toMatchObject({
    groupId: 'aa',
    payload: '{"event_id":"e1"}',
    frames: null,
  })
})
