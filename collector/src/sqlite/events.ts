import type { NewEvent } from '../store.ts'
import type { Connection } from './schema.ts'

/** The events of one transaction: what they add to their groups is written once for each group, at its end. */
export interface EventBatch {
  /** Stores an event; false when it is there already. */
  store(project: string, event: NewEvent): boolean
  settle(): void
}

interface GroupChange {
  project: string
  group: NewEvent['group']
  firstSeenMs: number
  lastSeenMs: number
  events: number
  sessions: number
}

/** Starts a batch. */
export function eventWrites(db: Connection): () => EventBatch {
  const insertEvent = db.prepare(
    `INSERT INTO events (project, event_id, group_id, timestamp_ms, received_ms, release, environment, session, tags, payload)
     VALUES (@project, @eventId, @groupId, @timestampMs, @receivedMs, @release, @environment, @session, @tags, @payload)
     ON CONFLICT (project, event_id) DO NOTHING`,
  )
  const insertSession = db.prepare(
    'INSERT INTO group_sessions (project, group_id, session) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const upsertGroup = db.prepare(
    `INSERT INTO groups (project, id, title, type, value, culprit, grouped_by, first_seen_ms, last_seen_ms, events, sessions)
     VALUES (@project, @id, @title, @type, @value, @culprit, @groupedBy, @firstSeenMs, @lastSeenMs, @events, @sessions)
     ON CONFLICT (project, id) DO UPDATE SET
       first_seen_ms = min(first_seen_ms, excluded.first_seen_ms),
       last_seen_ms = max(last_seen_ms, excluded.last_seen_ms),
       events = events + excluded.events, sessions = sessions + excluded.sessions`,
  )

  return () => {
    const changes = new Map<string, GroupChange>()
    return {
      store(project, { group, tags, ...event }) {
        const row = { ...event, project, groupId: group.id, tags: JSON.stringify(tags) }
        if (insertEvent.run(row).changes === 0) return false
        const isNewSession =
          event.session === null || insertSession.run(project, group.id, event.session).changes > 0
        const key = JSON.stringify([project, group.id])
        const { timestampMs } = event
        const known = changes.get(key)
        changes.set(key, {
          project,
          group,
          firstSeenMs: Math.min(known?.firstSeenMs ?? timestampMs, timestampMs),
          lastSeenMs: Math.max(known?.lastSeenMs ?? timestampMs, timestampMs),
          events: (known?.events ?? 0) + 1,
          sessions: (known?.sessions ?? 0) + (isNewSession ? 1 : 0),
        })
        return true
      },
      settle() {
        for (const { group, ...change } of changes.values())
          upsertGroup.run({ ...group, ...change, groupedBy: JSON.stringify(group.groupedBy) })
      },
    }
  }
}
