import { hashSession } from '../session-item.ts'
import type { Person } from '../upkeep-store.ts'
import type { Connection } from './schema.ts'

// Forgetting a person in small steps: the reader looks for its events, which takes reading all of a project's; the
// writer deletes them and what else there is of their sessions.

const MAX_SEEN = 1000

/** What a step has found, and where the next one goes on; null where there is nothing left. */
export interface Found {
  rowids: number[]
  sessions: string[]
  next: number | null
}

const untilOf = (db: Connection) =>
  db
    .prepare(
      `SELECT max(rowid) FROM (SELECT rowid FROM events WHERE rowid > ? ORDER BY rowid LIMIT ${MAX_SEEN})`,
    )
    .pluck()

export function forgetReads(db: Connection) {
  const selectUntil = untilOf(db)
  const select = db.prepare(
    `SELECT rowid, session FROM events WHERE rowid > @after AND rowid <= @until AND project = @project
     AND @id IN (CAST(json_extract(payload, '$.user.id') AS TEXT), json_extract(payload, '$.user.email'),
                 json_extract(payload, '$.user.username'), json_extract(payload, '$.contexts.feedback.contact_email'))`,
  )
  return {
    findEventsOf(person: Person, after: number): Found {
      const until = selectUntil.get(after) as number | null
      if (until === null) return { rowids: [], sessions: [], next: null }
      const rows = select.all({ ...person, after, until }) as { rowid: number; session: string | null }[]
      const sessions = rows.flatMap(({ session }) => session ?? [])
      return { rowids: rows.map(({ rowid }) => rowid), sessions: [...new Set(sessions)], next: until }
    },
  }
}

export function forgetWrites(db: Connection) {
  const selectUntil = untilOf(db)
  const inList = 'IN (SELECT value FROM json_each(@list))'
  const deleteRows = db.prepare(`DELETE FROM events WHERE project = @project AND rowid ${inList}`)
  const deleteOfSessions = db.prepare(
    `DELETE FROM events WHERE rowid > @after AND rowid <= @until AND project = @project AND session ${inList}`,
  )
  const deleteTraces = ['sessions WHERE id', 'fingerprint_sessions WHERE session'].map(place =>
    db.prepare(`DELETE FROM ${place} ${inList} AND project = @project`),
  )
  // What a tag says of a user; other tags may have the same text by chance.
  const deleteTags = db.prepare(
    `DELETE FROM fingerprint_facets WHERE project = @project AND value = @id
     AND (instr(@id, '@') OR key LIKE 'tag:%user%' OR key LIKE 'tag:%mail%')`,
  )
  return {
    deleteRows: (project: string, rowids: number[]): number =>
      deleteRows.run({ project, list: JSON.stringify(rowids) }).changes,
    deleteEventsOfSessions(project: string, sessions: string[], after: number) {
      const until = selectUntil.get(after) as number | null
      if (until === null) return { deleted: 0, next: null }
      const list = JSON.stringify(sessions)
      return { deleted: deleteOfSessions.run({ project, after, until, list }).changes, next: until }
    },
    deleteTraces: db.transaction(({ project, id }: Person, sessions: string[]): void => {
      const list = JSON.stringify(sessions)
      for (const statement of deleteTraces) statement.run({ project, list })
      deleteTags.run({ project, id })
    }).immediate,
    /** While it is on, what is deleted is overwritten in the file. */
    overwriteDeleted(isOn: boolean): void {
      db.pragma(`secure_delete = ${isOn ? 'ON' : 'OFF'}`)
      if (!isOn) db.pragma('wal_checkpoint(TRUNCATE)')
    },
  }
}

type Reads = ReturnType<typeof forgetReads>
type Writes = ReturnType<typeof forgetWrites>
/** The same functions in their threads. */
type Called<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Result>
    : never
}

/** Resolves with how many events were deleted. */
export async function forgetPerson(calls: Called<Reads & Writes>, person: Person): Promise<number> {
  const { project, id } = person
  // The id may be that of a session itself.
  const sessions = new Set([hashSession('session', id), hashSession('user', id)])
  let deleted = 0
  await calls.overwriteDeleted(true)
  try {
    for (let after: number | null = 0; after !== null;) {
      const found: Found = await calls.findEventsOf(person, after)
      for (const session of found.sessions) sessions.add(session)
      if (found.rowids.length) deleted += await calls.deleteRows(project, found.rowids)
      after = found.next
    }
    for (let after: number | null = 0; after !== null;) {
      const step: { deleted: number; next: number | null } = await calls.deleteEventsOfSessions(
        project,
        [...sessions],
        after,
      )
      deleted += step.deleted
      after = step.next
    }
    await calls.deleteTraces(person, [...sessions])
  } finally {
    await calls.overwriteDeleted(false)
  }
  return deleted
}
