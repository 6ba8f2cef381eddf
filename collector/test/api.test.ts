import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anEvent,
  envelopeOf,
  newDataDir,
  removeDataDir,
  runCollector,
  type RunningCollector,
} from './running-collector.ts'

const NOW_S = Math.floor(Date.now() / 1000)
const GROUPS = 7
let dataDir: string
let collector: RunningCollector
beforeAll(async () => {
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
  for (let group = 0; group < GROUPS; group++)
    for (let n = 0; n < 3; n++)
      await collector.post(
        envelopeOf(
          anEvent({
            fingerprint: [`group ${group}`],
            timestamp: NOW_S - group * 10 - n,
            release: `shop@${n % 2}`,
            environment: 'test',
            tags: { parity: n % 2 ? 'odd' : 'even' },
            user: { id: n % 2 },
          }),
        ),
      )
})
afterAll(async () => {
  await collector.stop('SIGTERM')
  await removeDataDir(dataDir)
})

/** Every row of a list, by its cursor. */
async function all(path: string, key: string) {
  const rows: any[] = []
  let next: string | null = ''
  while (next !== null) {
    const page: any = await collector.get(`${path}?limit=2${next && `&cursor=${next}`}`)
    expect(page[key].length).toBeLessThanOrEqual(2)
    rows.push(...page[key])
    next = page.next
  }
  return rows
}

test('groups come newest first, each once over all pages', async () => {
  const groups = await all('/api/1/groups', 'groups')
  expect(groups).toHaveLength(GROUPS)
  expect(groups.map(({ last_seen }) => last_seen)).toEqual(
    Array.from({ length: GROUPS }, (_, n) => NOW_S - n * 10),
  )
  expect(groups[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    title: 'TypeError: x is not a function',
    type: 'TypeError',
    value: 'x is not a function',
    culprit: '',
    status: 'unresolved',
    first_seen: NOW_S - 2,
    last_seen: NOW_S,
    occurrences: { estimate: 3, low: 3, high: 3, exact: true },
    sessions: { estimate: 2, low: 2, high: 2, exact: true },
  })
})

test('a group says how it was grouped, its releases and its tags', async () => {
  const [first] = (await collector.get('/api/1/groups')).groups
  expect(await collector.get(`/api/1/groups/${first.id}`)).toEqual({
    ...first,
    grouped_by: { algorithm: 'places:2', reason: 'fingerprint', frames: ['group 0'] },
    releases: [
      { release: 'shop@0', events: 2, first_seen: NOW_S - 2, last_seen: NOW_S },
      { release: 'shop@1', events: 1, first_seen: NOW_S - 1, last_seen: NOW_S - 1 },
    ],
    tags: [
      {
        key: 'parity',
        values: [
          { value: 'even', events: 2 },
          { value: 'odd', events: 1 },
        ],
      },
    ],
  })
})

test("a group's events come newest first, each once over all pages", async () => {
  const [first] = (await collector.get('/api/1/groups')).groups
  const events = await all(`/api/1/groups/${first.id}/events`, 'events')
  expect(events.map(({ timestamp }) => timestamp)).toEqual([NOW_S, NOW_S - 1, NOW_S - 2])
  expect(events[0]).toEqual({
    event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    timestamp: NOW_S,
    release: 'shop@0',
    environment: 'test',
  })
})

test('what is accepted and stored is counted', async () => {
  expect(await collector.get('/api/1/outcomes')).toEqual({
    accepted: 3 * GROUPS,
    stored: 3 * GROUPS,
    filtered: {},
    rate_limited: 0,
    shed: 0,
    client: {},
    invalid: {},
  })
})

test.each([
  ['/api/1/groups?cursor=nonsense', 400, 'invalid_cursor'],
  ['/api/1/groups?limit=0', 400, 'invalid_limit'],
  ['/api/1/groups?limit=many', 400, 'invalid_limit'],
  ['/api/1/groups/nope', 404, 'unknown_group'],
  ['/api/1/groups/nope/events', 404, 'unknown_group'],
  ['/api/1/events/nope', 404, 'unknown_event'],
  [`/api/1/events/${'f'.repeat(32)}`, 404, 'unknown_event'],
  ['/api/9/groups', 404, 'unknown_project'],
  ['/api/1/elsewhere', 404, 'not_found'],
])('%s is answered %d as JSON', async (path, status, code) => {
  const response = await fetch(collector.url + path)
  expect([response.status, (await response.json()).error]).toEqual([status, code])
})

test('/healthz answers while the store does', async () => {
  expect(await collector.get('/healthz')).toMatchObject({ ok: true })
})
