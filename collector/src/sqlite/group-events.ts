import type { EventHead, Neighbours, Page, PageRequest, StoredEvent } from '../group-store.ts'
import type { Connection } from './schema.ts'

/** The events of a group, which has one or more raw fingerprints: what is asked of it is asked of each, and merged. */
export function groupEventReads(db: Connection) {
  const selectFingerprints = db.prepare(
    `SELECT id, last_seen_ms AS lastSeenMs FROM fingerprints
     WHERE project = @project AND group_id = @groupId AND (@at IS NULL OR first_seen_ms <= @at)
     ORDER BY last_seen_ms DESC, id`,
  )
  const selectEvents = db.prepare(
    `SELECT event_id AS eventId, timestamp_ms AS timestampMs, release, environment FROM events
     WHERE project = @project AND fingerprint = @fingerprint
       AND (@at IS NULL OR (timestamp_ms, event_id) < (@at, @id))
     ORDER BY timestamp_ms DESC, event_id DESC LIMIT @limit`,
  )
  const selectEvent = db.prepare(
    `SELECT group_id AS groupId, timestamp_ms AS timestampMs, received_ms AS receivedMs, payload, frames
     FROM events
     JOIN fingerprints AS f ON f.project = events.project AND f.id = events.fingerprint
     LEFT JOIN stacks ON stacks.project = events.project AND stacks.id = events.stack
     WHERE events.project = ? AND event_id = ?`,
  )
  const nearest = (comparison: '<' | '>', order: 'ASC' | 'DESC') =>
    db
      .prepare(
        `SELECT event_id FROM fingerprints AS f JOIN events ON events.rowid = (
           SELECT rowid FROM events
           WHERE project = f.project AND fingerprint = f.id AND (timestamp_ms, event_id) ${comparison} (@ms, @eventId)
           ORDER BY timestamp_ms ${order}, event_id ${order} LIMIT 1)
         WHERE f.project = @project AND f.group_id = @groupId
         ORDER BY timestamp_ms ${order}, event_id ${order} LIMIT 1`,
      )
      .pluck()
  const selectAfter = nearest('>', 'ASC')
  const selectBefore = nearest('<', 'DESC')

  const groupEvents = (project: string, groupId: string, { after, limit }: PageRequest): Page<EventHead> => {
    const bounds = { project, at: after?.at ?? null, id: after?.id ?? null, limit: limit + 1 }
    let found: EventHead[] = []
    const fingerprints = selectFingerprints.all({ project, groupId, at: bounds.at }) as {
      id: string
      lastSeenMs: number
    }[]
    for (const { id: fingerprint, lastSeenMs } of fingerprints) {
      // All that are left have been seen last before the page ends.
      if (found.length > limit && lastSeenMs < (found.at(-1)?.timestampMs ?? 0)) break
      found = [...found, ...(selectEvents.all({ ...bounds, fingerprint }) as EventHead[])]
        .sort((a, b) => b.timestampMs - a.timestampMs || (a.eventId < b.eventId ? 1 : -1))
        .slice(0, limit + 1)
    }
    const rows = found.slice(0, limit)
    const last = rows.at(-1)
    return { rows, next: found.length > limit && last ? { at: last.timestampMs, id: last.eventId } : null }
  }

  return {
    groupEvents,
    event: (project: string, eventId: string) =>
      (selectEvent.get(project, eventId) as StoredEvent | undefined) ?? null,
    neighbours(project: string, groupId: string, eventId: string): Neighbours {
      const event = selectEvent.get(project, eventId) as StoredEvent | undefined
      const find = (statement: typeof selectAfter, ms: number, id: string): string | null =>
        (statement.get({ project, groupId, ms, eventId: id }) as string | undefined) ?? null
      const ms = event?.timestampMs ?? 0
      return {
        first: find(selectAfter, -1, ''),
        previous: find(selectBefore, ms, eventId),
        next: find(selectAfter, ms, eventId),
        last: find(selectBefore, Number.MAX_SAFE_INTEGER, ''),
      }
    },
  }
}
