import {
  type NewSessionCount,
  SESSION_STATUSES,
  type SessionCount,
  type SessionCounts,
  type SessionUpdate,
} from '../store.ts'
import type { Connection } from './schema.ts'

const MAX_RELEASES = 50

// estimate.ts says what these are.
const SAMPLE_COLUMNS = `coalesce(sum(quantity) FILTER (WHERE rate >= 1), 0) AS certain, count(*) FILTER (WHERE rate < 1) AS draws,
  count(*) FILTER (WHERE rate < 1) AS seen, total(1 / rate) FILTER (WHERE rate < 1) AS weighted,
  total(1 / rate / rate) FILTER (WHERE rate < 1) AS squares,
  total((1 - rate) / rate / rate) FILTER (WHERE rate < 1) AS variance,
  coalesce(max(1 / rate) FILTER (WHERE rate < 1), 0) AS largest`
const COUNT_COLUMNS = `date(started_ms / 1000, 'unixepoch') AS day, severity, ${SAMPLE_COLUMNS}`

// Sessions that servers have added up are counted with the rest.
const COUNTED = `counted AS (
  SELECT started_ms, release, severity, rate, 1 AS quantity FROM sessions
  WHERE project = @project AND started_ms >= @sinceMs
  UNION ALL SELECT started_ms, release, severity, 1, quantity FROM session_counts
  WHERE project = @project AND started_ms >= @sinceMs)`

type CountRow = { release: string | null; day: string; severity: number } & SessionCount['sample']

export interface SessionWrites {
  update(project: string, update: SessionUpdate): void
  add(project: string, count: NewSessionCount): void
}

export function sessionWrites(db: Connection): SessionWrites {
  // Every part of the merge is a maximum, a minimum or decided by `updated_ms`: order and repetition change nothing.
  const upsert = db.prepare(
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
  const insertCount = db.prepare(
    `INSERT INTO session_counts (project, id, started_ms, release, environment, severity, quantity)
     VALUES (@project, @id, @startedMs, @release, @environment, @severity, @quantity)
     ON CONFLICT (project, id) DO NOTHING`,
  )
  return {
    update: (project, { status, ...session }) =>
      void upsert.run({ ...session, project, severity: SESSION_STATUSES.indexOf(status) }),
    add: (project, { status, ...count }) =>
      void insertCount.run({ ...count, project, severity: SESSION_STATUSES.indexOf(status) }),
  }
}

export function sessionReads(db: Connection) {
  // No release is stored as '': a join by the text needs no thought of NULL.
  const selectByRelease = db.prepare(
    `WITH ${COUNTED}, largest AS (
       SELECT coalesce(release, '') AS name, sum(quantity) AS kept FROM counted
       GROUP BY name ORDER BY kept DESC, name LIMIT @limit)
     SELECT release, ${COUNT_COLUMNS} FROM counted JOIN largest ON name = coalesce(release, '')
     GROUP BY name, day, severity ORDER BY kept DESC, name, day, severity`,
  )
  const selectAll = db.prepare(
    `WITH ${COUNTED} SELECT ${COUNT_COLUMNS} FROM counted GROUP BY day, severity ORDER BY day, severity`,
  )
  return {
    sessions(project: string, sinceMs: number): SessionCounts {
      const releases: SessionCounts['releases'] = []
      const rows = selectByRelease.all({ project, sinceMs, limit: MAX_RELEASES }) as CountRow[]
      for (const { release, ...row } of rows) {
        if (releases.at(-1)?.release !== release) releases.push({ release, counts: [] })
        releases.at(-1)?.counts.push(toSessionCount(row))
      }
      const all = selectAll.all({ project, sinceMs }) as Omit<CountRow, 'release'>[]
      return { releases, all: all.map(toSessionCount) }
    },
  }
}

const toSessionCount = ({ day, severity, ...sample }: Omit<CountRow, 'release'>): SessionCount => ({
  day,
  status: SESSION_STATUSES[severity] as SessionCount['status'], // what the writer took its place from
  sample,
})
