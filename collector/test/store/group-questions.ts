import { expect } from 'vitest'
import { parseEvent } from '../../src/event.ts'
import type { GroupsRequest } from '../../src/group-store.ts'
import { newEventOf } from '../../src/new-event.ts'
import { createScrubber } from '../../src/scrub.ts'
import { parseSearch } from '../../src/search.ts'
import { anEvent } from '../running-collector.ts'
import type { StoreUnderTest } from './conformance.ts'

// Events of groups, and the questions that both parts of the suite about groups ask.

export const HOUR_MS = 3_600_000
/** The full hour: trends are by hours. */
export const NOW_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
export const BY_ANN = { who: 'ann', atMs: NOW_MS }

/** An event whose group is named by `fingerprint`, or by the function `at` of its own build. */
export function eventIn(
  { fingerprint, at, ...fields }: Record<string, any> = {},
  more: Record<string, any> = {},
) {
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
type NewEvent = ReturnType<typeof eventIn>

export function askGroups(at: StoreUnderTest) {
  const list = (query = '', { sort = 'last_seen', ...more }: Partial<GroupsRequest> = {}) => {
    const parsed = parseSearch(query, NOW_MS)
    if (!parsed.ok) throw new Error(parsed.message)
    const trend = { fromMs: NOW_MS - 2 * HOUR_MS, sizeMs: HOUR_MS, count: 3 }
    return at.store.groups('1', { search: parsed.search, sort, after: null, limit: 50, trend, ...more })
  }
  return {
    /** Resolves with the group of each. */
    async write(...events: NewEvent[]): Promise<string[]> {
      expect(await at.store.write({ project: '1', events, outcomes: [] })).toEqual({ ok: true })
      return events.map(({ group }) => group.id)
    },
    list,
    names: async (query?: string, more?: Partial<GroupsRequest>) =>
      (await list(query, more)).rows.map(({ value }) => value),
    statusOf: async (id: string) => (await at.store.group('1', id))?.status,
  }
}
