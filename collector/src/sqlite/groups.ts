import type {
  Group,
  GroupChange,
  GroupDetail,
  GroupSort,
  GroupsRequest,
  ListedGroup,
  Page,
} from '../group-store.ts'
import type { GroupStatus } from '../group-status.ts'
import { bucketReads } from './buckets.ts'
import { facetReads } from './facets.ts'
import { groupSampleReads } from './group-samples.ts'
import { conditionsOf } from './group-search.ts'
import type { Connection } from './schema.ts'

const MAX_CHANGES = 50

export const GROUP_COLUMNS = `id, title, type, value, culprit, status,
  first_seen_ms AS firstSeenMs, last_seen_ms AS lastSeenMs, events, sessions`
const SORT_COLUMNS: Record<GroupSort, string> = {
  last_seen: 'last_seen_ms',
  first_seen: 'first_seen_ms',
  events: 'events',
  sessions: 'sessions',
}

/** The list of groups, and one of them. The rows are cast to what the statements select. */
export function groupReads(db: Connection) {
  const { trends, ...buckets } = bucketReads(db)
  const facets = facetReads(db)
  const readSamples = groupSampleReads(db)
  const selectStatusCounts = db.prepare(
    'SELECT status, count(*) AS groups FROM groups WHERE project = ? AND merged_into IS NULL GROUP BY status',
  )
  const selectGroup = db.prepare(
    `SELECT ${GROUP_COLUMNS}, grouped_by AS groupedBy FROM groups
     WHERE project = @project
       AND id = coalesce(
         (SELECT coalesce(merged_into, id) FROM groups WHERE project = @project AND id = @id),
         (SELECT to_id FROM moved_groups WHERE project = @project AND id = @id))`,
  )
  const selectMerged = db.prepare(
    'SELECT id, title FROM groups WHERE project = ? AND merged_into = ? ORDER BY title, id',
  )
  const selectChanges = db.prepare(
    `SELECT at_ms AS atMs, who, change, detail FROM group_changes WHERE project = ? AND group_id = ?
     ORDER BY at_ms DESC, rowid DESC LIMIT ${MAX_CHANGES}`,
  )

  return {
    ...buckets,
    groups(project: string, request: GroupsRequest): Page<ListedGroup> {
      const { after, limit, search, sort } = request
      const column = SORT_COLUMNS[sort]
      const condition = conditionsOf(project, search)
      const rows = db
        .prepare(
          `SELECT ${GROUP_COLUMNS}, ${column} AS sortedBy FROM groups
           WHERE project = ? AND merged_into IS NULL${condition.sql}
           ${after ? `AND (${column}, id) < (?, ?)` : ''} ORDER BY ${column} DESC, id DESC LIMIT ?`,
        )
        // One row more than asked for tells whether there is a next page.
        .all(project, ...condition.values, ...(after ? [after.at, after.id] : []), limit + 1) as (Group & {
        sortedBy: number
      })[]
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const ids = shown.map(({ id }) => id)
      const trendOf = trends(project, ids, request.trend)
      const samplesOf = readSamples(project, ids)
      const valuesOf = facets.listed(project, ids)
      return {
        rows: shown.map(({ sortedBy: _, ...group }) => ({
          ...group,
          samples: samplesOf(group),
          trend: trendOf(group.id),
          releases: valuesOf(group.id, 'release'),
          browsers: valuesOf(group.id, 'browser'),
        })),
        next: rows.length > limit && last ? { at: last.sortedBy, id: last.id } : null,
      }
    },
    statusCounts(project: string): Record<GroupStatus, number> {
      const counts: Record<GroupStatus, number> = { unresolved: 0, resolved: 0, muted: 0, regressed: 0 }
      const rows = selectStatusCounts.all(project) as { status: GroupStatus; groups: number }[]
      for (const { status, groups } of rows) counts[status] = groups
      return counts
    },
    group(project: string, id: string): GroupDetail | null {
      const row = selectGroup.get({ project, id }) as (Group & { groupedBy: string }) | undefined
      if (!row) return null
      return {
        ...row,
        samples: readSamples(project, [row.id])(row),
        groupedBy: JSON.parse(row.groupedBy) as GroupDetail['groupedBy'],
        facets: facets.ofGroup(project, row.id),
        changes: selectChanges.all(project, row.id) as GroupChange[],
        merged: selectMerged.all(project, row.id) as GroupDetail['merged'],
      }
    },
  }
}
