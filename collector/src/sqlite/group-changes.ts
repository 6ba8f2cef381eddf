import type { GroupStatus } from '../group-status.ts'
import type { Change } from '../group-store.ts'
import { groupTotals } from './group-totals.ts'
import type { Connection } from './schema.ts'

/** What people do with groups; each call is a transaction of its own. */
export function groupChanges(db: Connection) {
  const selectGroup = db.prepare(
    `SELECT id, title, status FROM groups WHERE project = ? AND id = ? AND merged_into IS NULL`,
  )
  // A group without a release was resolved in what was running then.
  const setStatus = db.prepare(
    `UPDATE groups SET status = @status,
       resolved_ms = iif(@status = 'resolved', @atMs, NULL),
       resolved_release_ms = iif(@status = 'resolved', coalesce(
         (SELECT max(first_received_ms) FROM fingerprints AS f
          CROSS JOIN fingerprint_facets AS facet
            ON facet.project = f.project AND facet.fingerprint = f.id AND key = 'release'
          JOIN releases ON releases.project = f.project AND releases.release = facet.value
          WHERE f.project = @project AND f.group_id = @id), @atMs), NULL)
     WHERE project = @project AND id = @id`,
  )
  const insertChange = db.prepare(
    `INSERT INTO group_changes (project, group_id, at_ms, who, change, detail)
     VALUES (@project, @id, @atMs, @who, @change, @detail)`,
  )
  const selectOldest = db.prepare(
    `SELECT id FROM groups WHERE project = ? AND merged_into IS NULL AND id IN (SELECT value FROM json_each(?))
     ORDER BY first_seen_ms, id`,
  )
  const setMergedInto = db.prepare(
    'UPDATE groups SET merged_into = @into WHERE project = @project AND (id = @id OR merged_into = @id)',
  )
  const moveAll = db.prepare(
    'UPDATE fingerprints SET group_id = @into WHERE project = @project AND group_id = @id',
  )
  const moveBack = db.prepare(
    'UPDATE fingerprints SET group_id = @id WHERE project = @project AND group_id = @from AND base_group = @id',
  )
  const selectMergedInto = db
    .prepare('SELECT merged_into FROM groups WHERE project = ? AND id = ? AND merged_into IS NOT NULL')
    .pluck()
  const sumUp = groupTotals(db)

  const group = (project: string, id: string) =>
    selectGroup.get(project, id) as { id: string; title: string; status: GroupStatus } | undefined

  const status = (
    project: string,
    ids: string[],
    { status, who, atMs }: Change & { status: GroupStatus },
  ) => {
    for (const id of new Set(ids)) {
      const known = group(project, id)
      if (!known || known.status === status) continue
      setStatus.run({ project, id, status, atMs })
      insertChange.run({ project, id, atMs, who, change: status, detail: '' })
    }
  }

  const merge = (project: string, ids: string[], { who, atMs }: Change): string | null => {
    const [into, ...others] = selectOldest.pluck().all(project, JSON.stringify(ids)) as string[]
    if (into === undefined || !others.length) return null
    for (const id of others) {
      const detail = group(project, id)?.title ?? id
      setMergedInto.run({ project, id, into })
      moveAll.run({ project, id, into })
      insertChange.run({ project, id: into, atMs, who, change: 'merged', detail })
    }
    sumUp.run({ project, id: into })
    return into
  }

  const unmerge = (project: string, id: string, { who, atMs }: Change): void => {
    const from = selectMergedInto.get(project, id) as string | undefined
    if (from === undefined) return
    setMergedInto.run({ project, id, into: null })
    moveBack.run({ project, id, from })
    for (const changed of [id, from]) sumUp.run({ project, id: changed })
    const detail = group(project, id)?.title ?? id
    for (const changed of [id, from])
      insertChange.run({ project, id: changed, atMs, who, change: 'unmerged', detail })
  }

  return {
    setStatus: db.transaction(status).immediate,
    mergeGroups: db.transaction(merge).immediate,
    unmergeGroup: db.transaction(unmerge).immediate,
  }
}
