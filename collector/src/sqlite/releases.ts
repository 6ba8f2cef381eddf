import type { Artifact } from '../artifact-store.ts'
import type { Group } from '../group-store.ts'
import type { Release, ReleaseDetail } from '../release-store.ts'
import { ARTIFACT_COLUMNS } from './artifacts.ts'
import { GROUP_COLUMNS } from './groups.ts'
import type { Connection } from './schema.ts'

const MAX_RELEASES = 100
const MAX_GROUPS = 50
const MAX_FILES = 200

/** The rows are cast to what the statements select. */
export function releaseReads(db: Connection) {
  // A release is there by its events, or by its artifacts before the first of them.
  const known = `SELECT release, max(first_received_ms) AS firstReceivedMs FROM (
      SELECT release, first_received_ms FROM releases WHERE project = @project
      UNION ALL SELECT release, min(created_ms) FROM artifacts
      WHERE project = @project AND release IS NOT NULL GROUP BY release) GROUP BY release`
  // CROSS JOIN: from the raw fingerprints to their facets, never all facets.
  const figures = (condition: string): string =>
    `WITH seen AS (
       SELECT facet.value AS release, max(facet.last_seen_ms) AS lastSeenMs, sum(facet.events) AS events
       FROM fingerprints AS f CROSS JOIN fingerprint_facets AS facet
         ON facet.project = f.project AND facet.fingerprint = f.id AND facet.key = 'release'
       WHERE f.project = @project GROUP BY facet.value)
     SELECT known.release, firstReceivedMs, coalesce(lastSeenMs, firstReceivedMs) AS lastSeenMs,
       coalesce(events, 0) AS events,
       (SELECT count(*) FROM artifacts AS a WHERE a.project = @project AND a.release = known.release) AS artifacts
     FROM (${known}) AS known LEFT JOIN seen ON seen.release = known.release ${condition}`
  const selectReleases = db.prepare(
    figures(`ORDER BY firstReceivedMs DESC, known.release LIMIT ${MAX_RELEASES}`),
  )
  const selectRelease = db.prepare(figures('WHERE known.release = @release'))
  const groupsIn = (condition: string) =>
    db.prepare(
      `SELECT ${GROUP_COLUMNS} FROM groups AS g WHERE project = @project AND merged_into IS NULL AND ${condition}
       ORDER BY last_seen_ms DESC, id LIMIT ${MAX_GROUPS}`,
    )
  const selectNew = groupsIn(
    `id IN (SELECT f.group_id FROM fingerprints AS f
       CROSS JOIN fingerprint_facets AS facet ON facet.project = f.project AND facet.fingerprint = f.id
       WHERE f.project = @project AND key = 'release' AND value = @release)
     AND NOT EXISTS (SELECT 1 FROM fingerprints AS f
       CROSS JOIN fingerprint_facets AS facet ON facet.project = f.project AND facet.fingerprint = f.id AND key = 'release'
       JOIN releases AS r ON r.project = f.project AND r.release = facet.value
       WHERE f.project = @project AND f.group_id = g.id AND r.first_received_ms <
         (SELECT first_received_ms FROM releases WHERE project = @project AND release = @release))`,
  )
  const selectRegressed = groupsIn(
    `id IN (SELECT group_id FROM group_changes
            WHERE project = @project AND change = 'regressed' AND detail = @release)`,
  )
  const selectFiles = db.prepare(
    `SELECT ${ARTIFACT_COLUMNS} FROM artifacts WHERE project = @project AND release = @release
     ORDER BY created_ms DESC, id LIMIT ${MAX_FILES}`,
  )
  return {
    releases: (project: string) => selectReleases.all({ project }) as Release[],
    release(project: string, release: string): ReleaseDetail | null {
      const of = { project, release }
      const found = selectRelease.get(of) as Release | undefined
      if (!found) return null
      return {
        ...found,
        newGroups: selectNew.all(of) as Group[],
        regressedGroups: selectRegressed.all(of) as Group[],
        files: selectFiles.all(of) as Artifact[],
      }
    },
  }
}
