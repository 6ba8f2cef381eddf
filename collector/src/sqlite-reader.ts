import { openForReading } from './sqlite-schema.ts'
import {
  type EventHead,
  type Group,
  type GroupDetail,
  type Outcome,
  type Page,
  type PageRequest,
  SESSION_STATUSES,
  type SessionCount,
  type SessionCounts,
  type StoredEvent,
  type VitalSummaries,
  type VitalSummary,
} from './store.ts'
import { answerCalls } from './worker-call.ts'

/** Tags are counted over the latest this many events of a group. */
const TAGGED_EVENTS = 1000
const MAX_TAG_VALUES = 10
const MAX_RELEASES = 50
/** Vitals are ranked over the latest this many, so that the question takes no more than a second. */
const MAX_VITALS = 200_000
const MAX_VITAL_ROWS = 500

const GROUP_COLUMNS = `id, title, type, value, culprit, 'unresolved' AS status,
  first_seen_ms AS firstSeenMs, last_seen_ms AS lastSeenMs, events, sessions`

// estimate.ts says what these are.
const SAMPLE_COLUMNS = `count(*) FILTER (WHERE rate >= 1) AS certain, count(*) FILTER (WHERE rate < 1) AS draws,
  count(*) FILTER (WHERE rate < 1) AS seen, total(1 / rate) FILTER (WHERE rate < 1) AS weighted,
  total(1 / rate / rate) FILTER (WHERE rate < 1) AS squares,
  total((1 - rate) / rate / rate) FILTER (WHERE rate < 1) AS variance,
  coalesce(max(1 / rate) FILTER (WHERE rate < 1), 0) AS largest`
const SESSION_COLUMNS = `date(started_ms / 1000, 'unixepoch') AS day, severity, ${SAMPLE_COLUMNS}`

type SessionRow = { release: string | null; day: string; severity: number } & SessionCount['sample']

// The rows are cast to what the statements select.
answerCalls((file: string) => {
  const db = openForReading(file)
  const selectGroups = db.prepare(
    `SELECT ${GROUP_COLUMNS} FROM groups
     WHERE project = @project AND (@ms IS NULL OR (last_seen_ms, id) < (@ms, @id))
     ORDER BY last_seen_ms DESC, id DESC LIMIT @limit`,
  )
  const selectGroup = db.prepare(
    `SELECT ${GROUP_COLUMNS}, grouped_by AS groupedBy FROM groups WHERE project = ? AND id = ?`,
  )
  const selectReleases = db.prepare(
    `SELECT release, count(*) AS events, min(timestamp_ms) AS firstSeenMs, max(timestamp_ms) AS lastSeenMs
     FROM events WHERE project = ? AND group_id = ? AND release IS NOT NULL
     GROUP BY release ORDER BY lastSeenMs DESC LIMIT ?`,
  )
  const selectTags = db.prepare(
    `SELECT tag.key AS key, tag.value AS value, count(*) AS events
     FROM (SELECT tags FROM events WHERE project = ? AND group_id = ? ORDER BY timestamp_ms DESC LIMIT ?) AS latest,
          json_each(latest.tags) AS tag
     GROUP BY tag.key, tag.value ORDER BY tag.key, events DESC, tag.value`,
  )
  const selectEvents = db.prepare(
    `SELECT event_id AS eventId, timestamp_ms AS timestampMs, release, environment FROM events
     WHERE project = @project AND group_id = @groupId AND (@ms IS NULL OR (timestamp_ms, event_id) < (@ms, @id))
     ORDER BY timestamp_ms DESC, event_id DESC LIMIT @limit`,
  )
  const selectEvent = db.prepare(
    'SELECT group_id AS groupId, received_ms AS receivedMs, payload FROM events WHERE project = ? AND event_id = ?',
  )
  const selectFirstVital = db
    .prepare('SELECT timestamp_ms FROM vitals WHERE project = ? ORDER BY timestamp_ms DESC LIMIT 1 OFFSET ?')
    .pluck()
  // The billionth is for sums of thirds: three quarters of them are reached, though not to the last digit.
  const selectVitals = db.prepare(
    `WITH ranked AS (
       SELECT page, name, value,
         sum(weight) OVER (PARTITION BY page, name ORDER BY value, id) AS below,
         sum(weight) OVER (PARTITION BY page, name) AS weight,
         count(*) OVER (PARTITION BY page, name) AS samples
       FROM vitals WHERE project = ? AND timestamp_ms >= ?)
     SELECT page, name, min(value) AS p75, samples, weight FROM ranked
     WHERE below >= 0.75 * weight * (1 - 1e-9) GROUP BY page, name
     ORDER BY max(weight) OVER (PARTITION BY page) DESC, page, name LIMIT ?`,
  )
  // No release is stored as '': a join by the text needs no thought of NULL.
  const selectReleaseSessions = db.prepare(
    `WITH largest AS (
       SELECT coalesce(release, '') AS name, count(*) AS kept FROM sessions
       WHERE project = @project AND started_ms >= @sinceMs GROUP BY name ORDER BY kept DESC, name LIMIT @limit)
     SELECT release, ${SESSION_COLUMNS} FROM sessions JOIN largest ON name = coalesce(release, '')
     WHERE project = @project AND started_ms >= @sinceMs
     GROUP BY name, day, severity ORDER BY kept DESC, name, day, severity`,
  )
  const selectSessions = db.prepare(
    `SELECT ${SESSION_COLUMNS} FROM sessions WHERE project = @project AND started_ms >= @sinceMs
     GROUP BY day, severity ORDER BY day, severity`,
  )
  const selectOutcomes = db.prepare(
    'SELECT kind, reason, quantity FROM outcomes WHERE project = ? ORDER BY kind, reason',
  )

  const tagsOf = (project: string, id: string): GroupDetail['tags'] => {
    const tags: GroupDetail['tags'] = []
    const rows = selectTags.all(project, id, TAGGED_EVENTS) as {
      key: string
      value: string
      events: number
    }[]
    for (const { key, value, events } of rows) {
      if (tags.at(-1)?.key !== key) tags.push({ key, values: [] })
      const { values } = tags.at(-1) as GroupDetail['tags'][number] // pushed above
      if (values.length < MAX_TAG_VALUES) values.push({ value, events })
    }
    return tags
  }

  return {
    groups(project: string, page: PageRequest): Page<Group> {
      const rows = selectGroups.all({ project, ...boundsOf(page) }) as Group[]
      return pageOf(rows, page.limit, row => ({ ms: row.lastSeenMs, id: row.id }))
    },
    group(project: string, id: string): GroupDetail | null {
      const row = selectGroup.get(project, id) as (Group & { groupedBy: string }) | undefined
      if (!row) return null
      return {
        ...row,
        groupedBy: JSON.parse(row.groupedBy) as GroupDetail['groupedBy'],
        releases: selectReleases.all(project, id, MAX_RELEASES) as GroupDetail['releases'],
        tags: tagsOf(project, id),
      }
    },
    groupEvents(project: string, groupId: string, page: PageRequest): Page<EventHead> {
      const rows = selectEvents.all({ project, groupId, ...boundsOf(page) }) as EventHead[]
      return pageOf(rows, page.limit, row => ({ ms: row.timestampMs, id: row.eventId }))
    },
    event: (project: string, eventId: string) =>
      (selectEvent.get(project, eventId) as StoredEvent | undefined) ?? null,
    vitals(project: string, sinceMs: number): VitalSummaries {
      const earliest = selectFirstVital.get(project, MAX_VITALS) as number | undefined
      // The measurement after the last one we read may share its millisecond with it, so neither is.
      const fromMs = Math.max(sinceMs, (earliest ?? -1) + 1)
      return { rows: selectVitals.all(project, fromMs, MAX_VITAL_ROWS) as VitalSummary[], sinceMs: fromMs }
    },
    sessions(project: string, sinceMs: number): SessionCounts {
      const releases: SessionCounts['releases'] = []
      const rows = selectReleaseSessions.all({ project, sinceMs, limit: MAX_RELEASES }) as SessionRow[]
      for (const { release, ...row } of rows) {
        if (releases.at(-1)?.release !== release) releases.push({ release, counts: [] })
        releases.at(-1)?.counts.push(toSessionCount(row))
      }
      const all = selectSessions.all({ project, sinceMs }) as Omit<SessionRow, 'release'>[]
      return { releases, all: all.map(toSessionCount) }
    },
    outcomes: (project: string) => selectOutcomes.all(project) as Outcome[],
    ping: () => true,
    close: () => void db.close(),
  }
})

const toSessionCount = ({ day, severity, ...sample }: Omit<SessionRow, 'release'>): SessionCount => ({
  day,
  status: SESSION_STATUSES[severity] as SessionCount['status'], // what the writer took its place from
  sample,
})

// One row more than asked for tells whether there is a next page.
const boundsOf = ({ after, limit }: PageRequest) => ({
  ms: after?.ms ?? null,
  id: after?.id ?? null,
  limit: limit + 1,
})

function pageOf<Row>(
  rows: Row[],
  limit: number,
  cursorOf: (row: Row) => { ms: number; id: string },
): Page<Row> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, next: rows.length > limit && last ? cursorOf(last) : null }
}
