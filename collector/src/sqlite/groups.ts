import type { EventHead, Group, GroupDetail, Page, PageRequest, StoredEvent } from '../group-store.ts'
import type { Connection } from './schema.ts'

/** Tags are counted over the latest this many events of a group. */
const TAGGED_EVENTS = 1000
const MAX_TAG_VALUES = 10
const MAX_RELEASES = 50

const GROUP_COLUMNS = `id, title, type, value, culprit, 'unresolved' AS status,
  first_seen_ms AS firstSeenMs, last_seen_ms AS lastSeenMs, events, sessions`

/** Groups and their events. The rows are cast to what the statements select. */
export function groupReads(db: Connection) {
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
  }
}

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
