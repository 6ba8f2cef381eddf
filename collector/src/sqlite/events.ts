import { EMPTY_SAMPLE, mergeSamples, sampleOf, totalOf } from '../estimate.ts'
import type { GroupSamples, NewEvent } from '../group-store.ts'
import { type Booking, drawWrites } from './draws.ts'
import { type GroupSums, groupSums, type Seen } from './group-sums.ts'
import type { Connection } from './schema.ts'

const HOUR_MS = 3_600_000
// Values come from clients: of one key of one raw fingerprint so many are told apart, and the rest counts as ''.
const MAX_FACET_VALUES = 100
/** A session that has more raw fingerprints is not looked through further for whether its group is new to it. */
const MAX_SESSION_FINGERPRINTS = 200

/** The events of one transaction: what they add to counts is written once for each row, at its end. */
export interface EventBatch {
  /** Stores an event; false when it is there already. */
  store(project: string, event: NewEvent): boolean
  settle(): void
}

interface FingerprintChange extends Seen {
  project: string
  id: string
  stack: string | null
  groupId: string
  loneEvents: number
  hours: Map<number, number>
  facets: Map<string, FacetChange>
}

interface FacetChange extends Seen {
  key: string
  value: string
}

/** Starts a batch. */
export function eventWrites(db: Connection): () => EventBatch {
  const insertEvent = db.prepare(
    `INSERT INTO events (project, event_id, fingerprint, stack, timestamp_ms, received_ms, release, environment, session, n, rate, payload)
     VALUES (@project, @eventId, @fingerprint, @stackId, @timestampMs, @receivedMs, @release, @environment, @session, @n, @rate, @payload)
     ON CONFLICT (project, event_id) DO NOTHING`,
  )
  const insertStack = db.prepare(
    'INSERT INTO stacks (project, id, frames) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const book = drawWrites(db)
  const selectOthersInGroup = db
    .prepare(
      `SELECT 1 FROM (SELECT fingerprint FROM fingerprint_sessions WHERE project = @project AND session = @session
                      LIMIT ${MAX_SESSION_FINGERPRINTS}) AS seen
       JOIN fingerprints ON fingerprints.project = @project AND fingerprints.id = seen.fingerprint
       WHERE group_id = @groupId AND id <> @fingerprint LIMIT 1`,
    )
    .pluck()
  const selectGroupOf = db.prepare('SELECT group_id FROM fingerprints WHERE project = ? AND id = ?').pluck()
  const selectMergedInto = db.prepare('SELECT merged_into FROM groups WHERE project = ? AND id = ?').pluck()
  const upsertFingerprint = db.prepare(
    `INSERT INTO fingerprints (project, id, stack, base_group, group_id, events, lone_events, first_seen_ms, last_seen_ms)
     VALUES (@project, @id, @stack, @baseGroup, @groupId, @events, @loneEvents, @firstSeenMs, @lastSeenMs)
     ON CONFLICT (project, id) DO UPDATE SET
       events = events + excluded.events, lone_events = lone_events + excluded.lone_events,
       first_seen_ms = min(first_seen_ms, excluded.first_seen_ms),
       last_seen_ms = max(last_seen_ms, excluded.last_seen_ms)`,
  )
  const upsertHour = db.prepare(
    `INSERT INTO fingerprint_hours (project, fingerprint, hour, events) VALUES (?, ?, ?, ?)
     ON CONFLICT (project, fingerprint, hour) DO UPDATE SET events = events + excluded.events`,
  )
  const insertWanted = db.prepare(
    `INSERT INTO wanted_artifacts (project, fingerprint, key, file, priority) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const storeFacet = facetWrites(db)
  const addToSums = groupSums(db)

  return () => {
    const fingerprints = new Map<string, FingerprintChange>()
    const groups = new Map<string, GroupSums>()

    const changeOf = (project: string, event: NewEvent): FingerprintChange => {
      const key = `${project}\n${event.fingerprint}`
      const known = fingerprints.get(key)
      if (known) return known
      const stored = selectGroupOf.get(project, event.fingerprint) as string | undefined
      const base = event.group.id
      const change: FingerprintChange = {
        project,
        id: event.fingerprint,
        stack: event.stack?.id ?? null,
        groupId: stored ?? (selectMergedInto.get(project, base) as string | null | undefined) ?? base,
        ...neverSeen(),
        loneEvents: 0,
        hours: new Map(),
        facets: new Map(),
      }
      // At once, so that the sessions of this batch find it.
      if (stored === undefined) {
        upsertFingerprint.run({ ...change, ...seenAt(event.timestampMs), events: 0, baseGroup: base })
        for (const { url, keys } of event.files)
          for (const [priority, key] of keys.entries())
            insertWanted.run(project, change.id, key, url, priority)
      }
      fingerprints.set(key, change)
      return change
    }

    /** A session counts once in a group, however many raw fingerprints of it it has. */
    const bookSession = (booking: Booking, groupId: string): GroupSamples => {
      const { events, session } = book(booking)
      const isCounted =
        totalOf(session) !== 0 && selectOthersInGroup.get({ ...booking, groupId }) === undefined
      return { events, sessions: isCounted ? session : EMPTY_SAMPLE }
    }

    return {
      store(project, event) {
        const { eventId, fingerprint, stack, timestampMs, receivedMs, release, environment, session, claim } =
          event
        const { n, rate } = claim
        const row = {
          project,
          eventId,
          fingerprint,
          timestampMs,
          receivedMs,
          release,
          environment,
          session,
          n,
          rate,
        }
        const { changes } = insertEvent.run({ ...row, stackId: stack?.id ?? null, payload: event.payload })
        if (changes === 0) return false
        if (stack) insertStack.run(project, stack.id, stack.frames)

        const change = changeOf(project, event)
        const { groupId } = change
        const drawn =
          session === null
            ? LONE
            : bookSession({ project, session, fingerprint, atMs: timestampMs, claim }, groupId)
        const weight = totalOf(drawn.events)
        add(change, timestampMs, weight)
        if (session === null) change.loneEvents++
        const hour = Math.floor(timestampMs / HOUR_MS)
        change.hours.set(hour, (change.hours.get(hour) ?? 0) + weight)
        for (const [key, value] of Object.entries(event.facets)) {
          const id = `${key}\n${value}`
          const facet = change.facets.get(id) ?? { key, value, ...neverSeen() }
          change.facets.set(id, add(facet, timestampMs, weight))
        }
        addToGroup(groups, { project, id: groupId, event, drawn })
        return true
      },
      settle() {
        for (const { project, id, hours, facets, ...change } of fingerprints.values()) {
          upsertFingerprint.run({ ...change, project, id, baseGroup: '' }) // there by now: the base is not changed
          for (const [hour, events] of hours) upsertHour.run(project, id, hour, events)
          for (const facet of facets.values()) storeFacet(project, id, facet)
        }
        for (const sums of groups.values()) addToSums(sums)
      },
    }
  }
}

/** By place, not by name: nothing is run as often. */
function facetWrites(db: Connection) {
  const update = db.prepare(
    `UPDATE fingerprint_facets SET events = events + ?,
       first_seen_ms = min(first_seen_ms, ?), last_seen_ms = max(last_seen_ms, ?)
     WHERE project = ? AND fingerprint = ? AND key = ? AND value = ?`,
  )
  const count = db
    .prepare('SELECT count(*) FROM fingerprint_facets WHERE project = ? AND fingerprint = ? AND key = ?')
    .pluck()
  const insert = db.prepare(
    `INSERT INTO fingerprint_facets (events, first_seen_ms, last_seen_ms, project, fingerprint, key, value)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  return (project: string, fingerprint: string, facet: FacetChange): void => {
    const { key, value } = facet
    const row = [facet.events, facet.firstSeenMs, facet.lastSeenMs, project, fingerprint, key]
    if (update.run(...row, value).changes > 0) return
    if (Number(count.get(project, fingerprint, key)) < MAX_FACET_VALUES) return void insert.run(...row, value)
    if (update.run(...row, '').changes === 0) insert.run(...row, '')
  }
}

interface Addition {
  project: string
  id: string
  event: NewEvent
  drawn: GroupSamples
}

function addToGroup(groups: Map<string, GroupSums>, { project, id, event, drawn }: Addition): void {
  const key = `${project}\n${id}`
  const change = groups.get(key) ?? {
    project,
    id,
    sessions: 0,
    samples: NOTHING,
    latest: event,
    releases: new Map() as GroupSums['releases'],
    ...neverSeen(),
  }
  if (event.timestampMs >= change.lastSeenMs) change.latest = event
  add(change, event.timestampMs, totalOf(drawn.events))
  change.sessions += totalOf(drawn.sessions)
  change.samples = {
    events: mergeSamples([change.samples.events, drawn.events]),
    sessions: mergeSamples([change.samples.sessions, drawn.sessions]),
  }
  const { release, timestampMs, receivedMs } = event
  const inRelease = change.releases.get(release)
  change.releases.set(release, {
    lastSeenMs: Math.max(inRelease?.lastSeenMs ?? 0, timestampMs),
    firstReceivedMs: Math.min(inRelease?.firstReceivedMs ?? Infinity, receivedMs),
  })
  groups.set(key, change)
}

const NOTHING: GroupSamples = { events: EMPTY_SAMPLE, sessions: EMPTY_SAMPLE }
/** Without a session an event is one of its own. */
const LONE: GroupSamples = { events: sampleOf(1, 1), sessions: sampleOf(1, 1) }
const neverSeen = (): Seen => ({ events: 0, firstSeenMs: Infinity, lastSeenMs: -Infinity })
const seenAt = (ms: number): Seen => ({ events: 1, firstSeenMs: ms, lastSeenMs: ms })

function add<S extends Seen>(seen: S, ms: number, weight: number): S {
  seen.events += weight
  seen.firstSeenMs = Math.min(seen.firstSeenMs, ms)
  seen.lastSeenMs = Math.max(seen.lastSeenMs, ms)
  return seen
}
