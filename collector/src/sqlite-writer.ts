import { openForWriting } from './sqlite-schema.ts'
import {
  type NewEvent,
  type NewVital,
  type Outcome,
  SESSION_STATUSES,
  type SessionUpdate,
  type Write,
} from './store.ts'
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
  // A measurement that went on after it was sent comes again; a second delivery brings no other value.
  const upsertVital = db.prepare(
    `INSERT INTO vitals (project, id, timestamp_ms, name, page, value, weight, attributes)
     VALUES (@project, @id, @timestampMs, @name, @page, @value, @weight, @attributes)
     ON CONFLICT (project, id) DO UPDATE SET
       timestamp_ms = excluded.timestamp_ms, page = excluded.page, value = excluded.value,
       weight = excluded.weight, attributes = excluded.attributes
     WHERE excluded.timestamp_ms > timestamp_ms AND excluded.value <> value`,
  )
  // Every part of the merge is a maximum, a minimum or decided by `updated_ms`: order and repetition change nothing.
  const upsertSession = db.prepare(
    `INSERT INTO sessions (project, id, started_ms, updated_ms, release, environment, severity, errors, rate)
     VALUES (@project, @id, @startedMs, @updatedMs, @release, @environment, @severity, @errors, @rate)
     ON CONFLICT (project, id) DO UPDATE SET
       release = CASE WHEN excluded.updated_ms >= updated_ms
         THEN coalesce(excluded.release, release) ELSE coalesce(release, excluded.release) END,
       environment = CASE WHEN excluded.updated_ms >= updated_ms
         THEN coalesce(excluded.environment, environment) ELSE coalesce(environment, excluded.environment) END,
       started_ms = min(started_ms, excluded.started_ms),
       updated_ms = max(updated_ms, excluded.updated_ms),
       severity = max(severity, excluded.severity),
       errors = max(errors, excluded.errors),
       rate = max(rate, excluded.rate)`,
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

  const storeVital = (project: string, vital: NewVital): boolean =>
    upsertVital.run({ ...vital, project, attributes: JSON.stringify(vital.attributes) }).changes > 0

  const storeSession = (project: string, { status, ...session }: SessionUpdate): void =>
    void upsertSession.run({ ...session, project, severity: SESSION_STATUSES.indexOf(status) })

  const count = (project: string, { kind, reason, quantity }: Outcome): void => {
    const isFull = reason !== '' && Number(countReasons.get(project, kind, reason)) >= MAX_REASONS
    addOutcome.run({ project, kind, reason: isFull ? 'other' : reason, quantity })
  }

  const commit = db.transaction((writes: Write[]) => {
    for (const { project, events, vitals = [], sessions = [], outcomes } of writes) {
      for (const event of events)
        if (storeEvent(project, event)) count(project, { kind: 'stored', reason: '', quantity: 1 })
        else count(project, { kind: 'filtered', reason: 'duplicate', quantity: 1 })
      for (const vital of vitals)
        if (!storeVital(project, vital))
          count(project, { kind: 'filtered', reason: 'metric:duplicate', quantity: 1 })
      for (const session of sessions) storeSession(project, session)
      for (const outcome of outcomes) count(project, outcome)
    }
  })

  return {
    commit: (writes: Write[]) => commit.immediate(writes),
    ping: () => true,
    close: () => void db.close(),
  }
})
