import { expect, test } from 'vitest'
import type { GroupSort, GroupsRequest } from '../../src/group-store.ts'
import { joinStack } from '../../src/raw-stack.ts'
import { parseSearch } from '../../src/search.ts'
import type { StoreUnderTest } from './conformance.ts'
import { askGroups, eventIn, HOUR_MS, NOW_MS } from './group-questions.ts'

/** Groups: what they are made of, how they are found, and their events in order. */
export function testGroups(at: StoreUnderTest): void {
  const { write, list, names } = askGroups(at)

  test('a stack is stored once however many events have it, and each event is whole again', async () => {
    const events = [1, 2, 3].map(n =>
      eventIn({
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
      const stored = await at.store.event('1', eventId)
      expect(stored?.frames).toBe(stack?.frames)
      expect(joinStack(JSON.parse(stored!.payload), stored!.frames!).exception?.values).toMatchObject([
        { value: `cause ${index + 1}` },
        { stacktrace: { frames: [{ filename: 'https://a/x.js', vars: { n: index + 1 } }] } },
      ])
    }
  })

  test('builds with frames of their own are raw fingerprints of their own, in one group', async () => {
    const builds = [1, 2].map(colno => eventIn({ at: 'total', colno }))
    const [first, second] = await write(...builds)
    expect(first).toBe(second)
    expect(new Set(builds.map(({ fingerprint }) => fingerprint)).size).toBe(2)
    expect(await at.store.group('1', first!)).toMatchObject({ events: 2, sessions: 2 })
  })

  test('a session is counted once in a group, whichever of its raw fingerprints it has', async () => {
    const [id] = await write(eventIn({ at: 'total', colno: 1 }, { session: 'a' }))
    await write(
      eventIn({ at: 'total', colno: 1 }, { session: 'a' }),
      eventIn({ at: 'total', colno: 2 }, { session: 'a' }),
      eventIn({ at: 'total', colno: 2 }, { session: 'b' }),
      eventIn({ at: 'other' }, { session: 'a' }),
      eventIn({ at: 'total' }),
    )
    expect(await at.store.group('1', id!)).toMatchObject({ events: 5, sessions: 3 })
  })

  test.each<[GroupSort, string[]]>([
    ['last_seen', ['c', 'b', 'a']],
    ['first_seen', ['b', 'c', 'a']],
    ['events', ['a', 'b', 'c']],
    ['sessions', ['b', 'a', 'c']],
  ])('sorted by %s, each group is on one of the pages', async (sort, expected) => {
    const eventOf = (name: string, hoursAgo: number, session: string) =>
      eventIn(
        { fingerprint: name, value: name, timestamp: (NOW_MS - hoursAgo * HOUR_MS) / 1000 },
        { session },
      )
    await write(
      ...[9, 8, 7].map(hours => eventOf('a', hours, 'x')),
      ...[6, 5, 4].map(hours => eventOf('b', hours, `y${hours}`)),
      eventOf('c', 7, 'x'),
      eventOf('a', 6, 'z'),
      eventOf('c', 1, 'x'),
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
      eventIn({
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
      ...hours.map(ago => eventIn({ fingerprint: 'x', timestamp: (NOW_MS - ago * HOUR_MS) / 1000 })),
    )
    const buckets = { fromMs: NOW_MS - 11 * HOUR_MS, sizeMs: 6 * HOUR_MS, count: 2 }
    expect(await at.store.trend('1', id!, buckets)).toEqual([2, 3])
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
      eventIn(first),
      eventIn(first),
      eventIn({
        fingerprint: 'b',
        value: 'no cart of ann',
        release: 'shop@2',
        timestamp: hoursAgo(3),
        tags: { plan: 'pro' },
      }),
      eventIn({
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
      ...Array.from({ length: 150 }, (_, n) => eventIn({ fingerprint: 'x', tags: { n: String(n) } })),
    )
    const facet = (await at.store.group('1', id!))?.facets.find(({ key }) => key === 'tag:n')
    expect(facet).toMatchObject({ distinct: 100, events: 150, isCut: true })
    expect(facet?.values).toHaveLength(10)
  })

  test("events and their neighbours are in order of time over all of a group's raw fingerprints", async () => {
    const events = [5, 3, 8, 1, 9, 4, 4].map((seconds, n) =>
      eventIn({ at: 'total', colno: n % 3, timestamp: NOW_MS / 1000 + seconds }),
    )
    const [id] = await write(...events)
    await write(eventIn({ at: 'other' }))
    const byTime = events
      .toSorted((a, b) => a.timestampMs - b.timestampMs || (a.eventId < b.eventId ? -1 : 1))
      .map(({ eventId }) => eventId)
    const listed: string[] = []
    for (let after: GroupsRequest['after'] = null; ;) {
      const { rows, next } = await at.store.groupEvents('1', id!, { after, limit: 2 })
      listed.push(...rows.map(({ eventId }) => eventId))
      if (!next) break
      after = next
    }
    expect(listed).toEqual(byTime.toReversed())
    for (const [place, eventId] of byTime.entries())
      expect(await at.store.neighbours('1', id!, eventId)).toEqual({
        first: byTime[0],
        previous: byTime[place - 1] ?? null,
        next: byTime[place + 1] ?? null,
        last: byTime.at(-1),
      })
  })

  test('what is known of a raw fingerprint is not changed by an event that says otherwise', async () => {
    const event = eventIn({ fingerprint: 'x' })
    await write(event)
    const claim = { ...eventIn({ fingerprint: 'y' }), fingerprint: event.fingerprint }
    await write(claim)
    expect((await list()).rows).toMatchObject([{ id: event.group.id, events: 2 }])
  })
}
