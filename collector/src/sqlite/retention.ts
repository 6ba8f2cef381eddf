import { artifactWrites } from './artifacts.ts'
import type { Connection } from './schema.ts'

// Retention in small steps, each a transaction of some milliseconds, so that no report waits for it.

const HOUR_MS = 3_600_000
/** Of the use of keys, which is asked for by the current hour only. */
const KEPT_HOURS = 48
/** Rows that are deleted in a step, and rows that are looked at. */
const MAX_DELETED = 500
const MAX_SEEN = 2000
/** Of them each is megabytes. */
const MAX_ARTIFACTS = 5

export interface SweepRequest {
  project: string
  nowMs: number
  /** What is older than that goes. */
  keepMs: number
  /** What is younger than that stays when events are thinned out. */
  wholeMs: number
}

/** What a step has done, and where the next one goes on; null where there is nothing left. */
export interface Swept {
  deleted: number
  next: string | number | null
}

export type SweepName = keyof ReturnType<typeof sweeps>
export type Sweep = (request: SweepRequest, after: string | number | null) => Swept

/** The steps by name: what is too old of each table, then what hung on events that are gone. */
export function sweeps(db: Connection) {
  db.function('share_of', { deterministic: true }, (eventId: unknown) => shareOf(String(eventId)))
  const oldest = (table: string, column: string): Sweep => {
    const remove = db.prepare(
      `DELETE FROM ${table} WHERE (project, id) IN
         (SELECT project, id FROM ${table} WHERE project = ? AND ${column} < ? LIMIT ${MAX_DELETED})`,
    )
    return ({ project, nowMs, keepMs }) => stepOf(remove.run(project, nowMs - keepMs).changes)
  }
  const removeEvents = db.prepare(
    `DELETE FROM events WHERE rowid IN
       (SELECT rowid FROM events WHERE project = ? AND timestamp_ms < ? LIMIT ${MAX_DELETED})`,
  )
  const removeUsage = db.prepare('DELETE FROM key_hours WHERE project = ? AND hour < ?')
  return {
    keyHours({ project, nowMs }) {
      const beforeHour = Math.floor(nowMs / HOUR_MS) - KEPT_HOURS
      return { deleted: removeUsage.run(project, beforeHour).changes, next: null }
    },
    events: ({ project, nowMs, keepMs }) => stepOf(removeEvents.run(project, nowMs - keepMs).changes),
    vitals: oldest('vitals', 'timestamp_ms'),
    sessions: oldest('sessions', 'started_ms'),
    sessionCounts: oldest('session_counts', 'started_ms'),
    heldBack: oldest('held_back', 'received_ms'),
    thinned: thinning(db),
    fingerprintSessions: sweepOfSessions(db),
    fingerprintHours: sweepOfHours(db),
    stacks: sweepOfStacks(db),
    artifacts: sweepOfArtifacts(db),
    wantedArtifacts: sweepOfWanted(db),
  } satisfies Record<string, Sweep>
}

const stepOf = (deleted: number): Swept => ({ deleted, next: deleted === MAX_DELETED ? '' : null })

/**
 * An event older than `wholeMs` stays with the probability `wholeMs` / age, decided by its id: so the older it is the
 * fewer there are like it, and what a smaller `wholeMs` keeps is a part of what a larger one has kept.
 */
function thinning(db: Connection): Sweep {
  // The latest of an error stays: a group without a single event would say nothing.
  const remove = db.prepare(
    `DELETE FROM events WHERE rowid IN (
       SELECT rowid FROM events AS old
       WHERE project = @project AND timestamp_ms > @after AND timestamp_ms <= @until
         AND share_of(event_id) * (@nowMs - timestamp_ms) > @wholeMs
         AND timestamp_ms < (SELECT max(timestamp_ms) FROM events AS latest
                             WHERE latest.project = old.project AND latest.fingerprint = old.fingerprint))`,
  )
  const selectUntil = db
    .prepare(
      `SELECT max(timestamp_ms) FROM (
         SELECT timestamp_ms FROM events WHERE project = @project AND timestamp_ms > @after
         AND timestamp_ms < @nowMs - @wholeMs ORDER BY timestamp_ms LIMIT ${MAX_SEEN})`,
    )
    .pluck()
  return ({ project, nowMs, wholeMs }, after) => {
    const from = { project, nowMs, wholeMs, after: Number(after ?? -1) }
    const until = selectUntil.get(from) as number | null
    if (until === null) return { deleted: 0, next: null }
    return { deleted: remove.run({ ...from, until }).changes, next: until }
  }
}

/** A number from 0 to below 1 of a text (FNV-1a, finished as in murmur3); ids of clients may not be random. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

function sweepOfSessions(db: Connection): Sweep {
  const selectUntil = db
    .prepare(
      `SELECT max(session) FROM (SELECT session FROM fingerprint_sessions WHERE project = ? AND session > ?
       ORDER BY session LIMIT ${MAX_SEEN})`,
    )
    .pluck()
  const remove = db.prepare(
    `DELETE FROM fingerprint_sessions WHERE project = @project AND session > @after AND session <= @until
     AND first_seen_ms < @beforeMs`,
  )
  return ({ project, nowMs, keepMs }, last) => {
    const after = String(last ?? '')
    const until = selectUntil.get(project, after) as string | null
    if (until === null) return { deleted: 0, next: null }
    return { deleted: remove.run({ project, after, until, beforeMs: nowMs - keepMs }).changes, next: until }
  }
}

function sweepOfHours(db: Connection): Sweep {
  const selectIds = db
    .prepare(`SELECT id FROM fingerprints WHERE project = ? AND id > ? ORDER BY id LIMIT ${MAX_SEEN / 10}`)
    .pluck()
  const remove = db.prepare(
    'DELETE FROM fingerprint_hours WHERE project = ? AND fingerprint = ? AND hour < ?',
  )
  return ({ project, nowMs, keepMs }, after) => {
    const beforeHour = Math.floor((nowMs - keepMs) / HOUR_MS)
    const ids = selectIds.all(project, String(after ?? '')) as string[]
    const deleted = ids.reduce((sum, id) => sum + remove.run(project, id, beforeHour).changes, 0)
    return { deleted, next: ids.at(-1) ?? null }
  }
}

/** Stacks that no event has any more. */
function sweepOfStacks(db: Connection): Sweep {
  const selectUntil = db
    .prepare(
      `SELECT max(rowid) FROM (SELECT rowid FROM stacks WHERE rowid > ? ORDER BY rowid LIMIT ${MAX_SEEN})`,
    )
    .pluck()
  const remove = db.prepare(
    `DELETE FROM stacks WHERE rowid > @after AND rowid <= @until AND project = @project
     AND NOT EXISTS (
       SELECT 1 FROM fingerprints AS f JOIN events ON events.project = f.project AND events.fingerprint = f.id
       WHERE f.project = stacks.project AND f.stack = stacks.id)`,
  )
  return ({ project }, last) => {
    const after = Number(last ?? 0)
    const until = selectUntil.get(after) as number | null
    if (until === null) return { deleted: 0, next: null }
    return { deleted: remove.run({ project, after, until }).changes, next: until }
  }
}

/** Source maps that no frame was resolved with for as long as events are kept. */
function sweepOfArtifacts(db: Connection): Sweep {
  const selectUnused = db
    .prepare(
      `SELECT id FROM artifacts WHERE project = ? AND max(created_ms, used_ms) < ? LIMIT ${MAX_ARTIFACTS}`,
    )
    .pluck()
  const { removeArtifact } = artifactWrites(db)
  return ({ project, nowMs, keepMs }) => {
    const ids = selectUnused.all(project, nowMs - keepMs) as string[]
    for (const id of ids) removeArtifact(project, id)
    return { deleted: ids.length, next: ids.length === MAX_ARTIFACTS ? '' : null }
  }
}

/** What only events asked for that are gone. */
function sweepOfWanted(db: Connection): Sweep {
  const selectUntil = db
    .prepare(
      `SELECT max(fingerprint) FROM (SELECT fingerprint FROM wanted_artifacts WHERE project = ? AND fingerprint > ?
       ORDER BY fingerprint LIMIT ${MAX_SEEN})`,
    )
    .pluck()
  const remove = db.prepare(
    `DELETE FROM wanted_artifacts AS w WHERE project = @project AND fingerprint > @after AND fingerprint <= @until
     AND NOT EXISTS (SELECT 1 FROM events WHERE events.project = w.project AND events.fingerprint = w.fingerprint)`,
  )
  return ({ project }, last) => {
    const after = String(last ?? '')
    const until = selectUntil.get(project, after) as string | null
    if (until === null) return { deleted: 0, next: null }
    return { deleted: remove.run({ project, after, until }).changes, next: until }
  }
}

/** What the rows take up; pages that deletes have freed are used again. */
export function usedBytes(db: Connection): number {
  const pragma = (name: string): number => Number(db.pragma(name, { simple: true }))
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
}
