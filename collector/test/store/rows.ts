import { parseEvent } from '../../src/event.ts'
import type { NewEvent } from '../../src/group-store.ts'
import { newEventOf } from '../../src/new-event.ts'
import { createScrubber } from '../../src/scrub.ts'
import { hashSession } from '../../src/session-item.ts'
import type { NewVital, SessionUpdate, Store } from '../../src/store.ts'
import { anEvent } from '../running-collector.ts'

// What the suite writes, and how it reads it back.

export const NOW_MS = Date.now()
export const DAY_MS = 86_400_000

/** An event as ingest makes it, in a group named by `fingerprint`. */
export function newEvent(fields: Record<string, unknown> = {}, { ageMs = 0, sid = '' } = {}): NewEvent {
  const timestamp = (NOW_MS - ageMs) / 1000
  const payload = Buffer.from(JSON.stringify(anEvent({ timestamp, ...fields })))
  // Read at its own time, so that no age is too old.
  const receivedMs = NOW_MS - ageMs
  const parsed = parseEvent(payload, { header: {}, receivedMs, scrubber: createScrubber() })
  if (!parsed.ok) throw new Error(parsed.message)
  return newEventOf(parsed.event, { receivedMs, session: sid ? hashSession('session', sid) : null })
}

let vitalCount = 0

export const newVital = (fields: Partial<NewVital> = {}): NewVital => ({
  id: (++vitalCount).toString(16).padStart(32, '0'),
  timestampMs: NOW_MS,
  name: 'LCP',
  page: '/cart',
  value: 1000,
  weight: 1,
  attributes: {},
  ...fields,
})

export const newSession = (sid: string, fields: Partial<SessionUpdate> = {}): SessionUpdate => ({
  id: hashSession('session', sid),
  startedMs: NOW_MS,
  updatedMs: NOW_MS,
  release: 'shop@1',
  environment: null,
  status: 'ok',
  errors: 0,
  rate: 1,
  ...fields,
})

/** Writes events to project 1, each in a request of its own, and expects all of them to be durable. */
export async function writeEvents(store: Store, events: NewEvent[], project = '1'): Promise<void> {
  const written = await Promise.all(
    events.map(event => store.write({ project, key: 'k', events: [event], outcomes: [] })),
  )
  if (!written.every(({ ok }) => ok)) throw new Error('Not all of it was written.')
}

export const outcomeOf = async (store: Store, kind: string, reason = '', project = '1'): Promise<number> =>
  (await store.outcomes(project)).find(outcome => outcome.kind === kind && outcome.reason === reason)
    ?.quantity ?? 0

/** Which of the events are there, by their ids. */
export async function presentOf(store: Store, events: NewEvent[], project = '1'): Promise<string[]> {
  const found = await Promise.all(events.map(({ eventId }) => store.event(project, eventId)))
  return events.filter((_, index) => found[index]).map(({ eventId }) => eventId)
}

export const idsOf = (events: NewEvent[]): string[] => events.map(({ eventId }) => eventId)
