import { EMPTY_SAMPLE } from '../estimate.ts'
import type { Settlement, UnsettledFingerprint } from '../artifact-store.ts'
import { groupSums, type GroupSums } from './group-sums.ts'
import { groupTotals } from './group-totals.ts'
import type { Connection } from './schema.ts'

// Raw fingerprints whose source maps came later: which there are, and their way to another group.

const MAX_UNSETTLED = 50

export function settleReads(db: Connection) {
  const selectUnsettled = db.prepare(
    `SELECT DISTINCT w.project, w.fingerprint FROM artifact_keys AS k
     JOIN wanted_artifacts AS w ON w.project = k.project AND w.key = k.key AND w.artifact <> k.artifact
     LIMIT ${MAX_UNSETTLED}`,
  )
  const selectKeys = db
    .prepare('SELECT key FROM wanted_artifacts WHERE project = ? AND fingerprint = ?')
    .pluck()
  const selectEvent = db.prepare(
    `SELECT payload, frames FROM events
     LEFT JOIN stacks ON stacks.project = events.project AND stacks.id = events.stack
     WHERE events.project = ? AND fingerprint = ? ORDER BY timestamp_ms DESC LIMIT 1`,
  )
  return {
    unsettledFingerprints(): UnsettledFingerprint[] {
      const rows = selectUnsettled.all() as Pick<UnsettledFingerprint, 'project' | 'fingerprint'>[]
      return rows.map(({ project, fingerprint }) => ({
        project,
        fingerprint,
        keys: selectKeys.all(project, fingerprint) as string[],
        event: (selectEvent.get(project, fingerprint) as UnsettledFingerprint['event'] | undefined) ?? null,
      }))
    },
  }
}

interface Fingerprint {
  baseGroup: string
  groupId: string
  events: number
  firstSeenMs: number
  lastSeenMs: number
}

export function settleWrites(db: Connection) {
  const markSeen = db.prepare(
    'UPDATE wanted_artifacts SET artifact = ? WHERE project = ? AND fingerprint = ? AND key = ?',
  )
  const wantNothing = db.prepare('DELETE FROM wanted_artifacts WHERE project = ? AND fingerprint = ?')
  const selectFingerprint = db.prepare(
    `SELECT base_group AS baseGroup, group_id AS groupId, events, first_seen_ms AS firstSeenMs,
       last_seen_ms AS lastSeenMs
     FROM fingerprints WHERE project = ? AND id = ?`,
  )
  const selectReleases = db.prepare(
    `SELECT value AS release, last_seen_ms AS lastSeenMs, first_received_ms AS firstReceivedMs
     FROM fingerprint_facets AS f JOIN releases AS r ON r.project = f.project AND r.release = f.value
     WHERE f.project = ? AND fingerprint = ? AND key = 'release'`,
  )
  const selectTarget = db
    .prepare('SELECT coalesce(merged_into, id) FROM groups WHERE project = ? AND id = ?')
    .pluck()
  const moveFingerprint = db.prepare(
    'UPDATE fingerprints SET base_group = ?, group_id = ? WHERE project = ? AND id = ?',
  )
  const selectIsEmpty = db
    .prepare(
      `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM fingerprints WHERE project = @project AND group_id = @id)
       AND NOT EXISTS (SELECT 1 FROM groups WHERE project = @project AND merged_into = @id)`,
    )
    .pluck()
  const copyStatus = db.prepare(
    `UPDATE groups SET (status, resolved_ms, resolved_release_ms) =
       (SELECT status, resolved_ms, resolved_release_ms FROM groups WHERE project = @project AND id = @from)
     WHERE project = @project AND id = @to`,
  )
  const retire = [
    'UPDATE group_changes SET group_id = @to WHERE project = @project AND group_id = @from',
    'UPDATE moved_groups SET to_id = @to WHERE project = @project AND to_id = @from',
    `INSERT INTO moved_groups (project, id, to_id) VALUES (@project, @from, @to)
     ON CONFLICT (project, id) DO UPDATE SET to_id = excluded.to_id`,
    'DELETE FROM groups WHERE project = @project AND id = @from',
    'DELETE FROM group_samples WHERE project = @project AND group_id = @from',
  ].map(sql => db.prepare(sql))
  const addToSums = groupSums(db)
  const sumUp = groupTotals(db)

  const settle = ({ project, fingerprint, group, seen, atMs }: Settlement): void => {
    if (!group) return void wantNothing.run(project, fingerprint)
    for (const [key, artifact] of Object.entries(seen)) markSeen.run(artifact, project, fingerprint, key)
    const known = selectFingerprint.get(project, fingerprint) as Fingerprint | undefined
    // Where people have put it is not for us to change.
    if (!known || known.baseGroup === group.id || known.groupId !== known.baseGroup) return
    const { groupId: from, ...counts } = known
    const existing = selectTarget.get(project, group.id) as string | undefined
    const to = existing ?? group.id
    moveFingerprint.run(group.id, to, project, fingerprint)
    addToSums({
      ...counts,
      project,
      id: to,
      // What follows sums all of it up.
      sessions: 0,
      samples: { events: EMPTY_SAMPLE, sessions: EMPTY_SAMPLE },
      latest: { group, receivedMs: atMs },
      releases: releasesOf(),
    })
    if (existing === undefined) copyStatus.run({ project, from, to })
    for (const id of [from, to]) sumUp.run({ project, id })
    if (selectIsEmpty.get({ project, id: from })) for (const step of retire) step.run({ project, from, to })

    function releasesOf(): GroupSums['releases'] {
      const rows = selectReleases.all(project, fingerprint) as {
        release: string
        lastSeenMs: number
        firstReceivedMs: number
      }[]
      if (!rows.length) return new Map([[null, { lastSeenMs: counts.lastSeenMs, firstReceivedMs: atMs }]])
      return new Map(rows.map(({ release, ...seenIn }) => [release, seenIn]))
    }
  }
  return { settleFingerprint: db.transaction(settle).immediate }
}
