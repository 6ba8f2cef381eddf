import { openForWriting } from './sqlite-schema.ts'
import type { NewEvent, Outcome, Write } from './store.ts'
import { answerCalls } from './worker-call.ts'

// Reasons come from clients: past this many of a kind, a new one is counted as `other`.
const MAX_REASONS = 100

answerCalls((file: string) => {
  const db = openForWriting(file)
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
     VALUES (@project, @id, @title, @type, @value, @culprit, @groupedBy, @timestampMs, @timestampMs, 1, @newSessions)
     ON CONFLICT (project, id) DO UPDATE SET
       first_seen_ms = min(first_seen_ms, excluded.first_seen_ms),
       last_seen_ms = max(last_seen_ms, excluded.last_seen_ms),
       events = events + 1, sessions = sessions + excluded.sessions`,
  )
  const addOutcome = db.prepare(
    `INSERT INTO outcomes (project, kind, reason, quantity) VALUES (@project, @kind, @reason, @quantity)
     ON CONFLICT (project, kind, reason) DO UPDATE SET quantity = quantity + excluded.quantity`,
  )
  const countReasons = db
    .prepare('SELECT count(*) FROM outcomes WHERE project = ? AND kind = ? AND reason <> ?')
    .pluck()

  const storeEvent = (project: string, { group, tags, ...event }: NewEvent): boolean => {
    const row = { ...event, project, groupId: group.id, tags: JSON.stringify(tags) }
    if (insertEvent.run(row).changes === 0) return false
    const isNewSession =
      event.session === null || insertSession.run(project, group.id, event.session).changes > 0
    upsertGroup.run({
      ...group,
      project,
      groupedBy: JSON.stringify(group.groupedBy),
      timestampMs: event.timestampMs,
      newSessions: isNewSession ? 1 : 0,
    })
    return true
  }

  const count = (project: string, { kind, reason, quantity }: Outcome): void => {
    const isFull = reason !== '' && Number(countReasons.get(project, kind, reason)) >= MAX_REASONS
    addOutcome.run({ project, kind, reason: isFull ? 'other' : reason, quantity })
  }

  const commit = db.transaction((writes: Write[]) => {
    for (const { project, events, outcomes } of writes) {
      for (const event of events)
        if (storeEvent(project, event)) count(project, { kind: 'stored', reason: '', quantity: 1 })
        else count(project, { kind: 'filtered', reason: 'duplicate', quantity: 1 })
      for (const outcome of outcomes) count(project, outcome)
    }
  })

  return {
    commit: (writes: Write[]) => commit.immediate(writes),
    ping: () => true,
    close: () => void db.close(),
  }
})
