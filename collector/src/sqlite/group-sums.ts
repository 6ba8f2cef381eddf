import type { GroupSamples, NewEvent } from '../group-store.ts'
import { groupSampleWrites } from './group-samples.ts'
import type { Connection } from './schema.ts'

export interface Seen {
  events: number
  firstSeenMs: number
  lastSeenMs: number
}

/** What a batch adds to a group. */
export interface GroupSums extends Seen {
  project: string
  id: string
  sessions: number
  samples: GroupSamples
  /** The latest of its events, which the group is named after. */
  latest: Pick<NewEvent, 'group' | 'receivedMs'>
  /** By release, null for none: when it was last seen in it. */
  releases: Map<string | null, { lastSeenMs: number; firstReceivedMs: number }>
}

interface Resolution {
  status: string
  resolvedMs: number | null
  resolvedReleaseMs: number | null
}

/** Adds a batch's sums to a group; one that was resolved and is back in a later release regresses. */
export function groupSums(db: Connection): (sums: GroupSums) => void {
  // A group that was merged away keeps its row, which gets no sums, so what is there has no `merged_into`.
  const upsert = db.prepare(
    `INSERT INTO groups (project, id, title, type, value, culprit, grouped_by, first_seen_ms, last_seen_ms, events, sessions)
     VALUES (@project, @id, @title, @type, @value, @culprit, @groupedBy, @firstSeenMs, @lastSeenMs, @events, @sessions)
     ON CONFLICT (project, id) DO UPDATE SET
       title = iif(excluded.last_seen_ms >= last_seen_ms, excluded.title, title),
       value = iif(excluded.last_seen_ms >= last_seen_ms, excluded.value, value),
       first_seen_ms = min(first_seen_ms, excluded.first_seen_ms),
       last_seen_ms = max(last_seen_ms, excluded.last_seen_ms),
       events = events + excluded.events, sessions = sessions + excluded.sessions
     RETURNING status, resolved_ms AS resolvedMs, resolved_release_ms AS resolvedReleaseMs`,
  )
  const insertRelease = db.prepare(
    'INSERT INTO releases (project, release, first_received_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const selectReleaseMs = db
    .prepare('SELECT first_received_ms FROM releases WHERE project = ? AND release = ?')
    .pluck()
  const regress = db.prepare(
    `UPDATE groups SET status = 'regressed', resolved_ms = NULL, resolved_release_ms = NULL WHERE project = ? AND id = ?`,
  )
  const insertChange = db.prepare(
    `INSERT INTO group_changes (project, group_id, at_ms, who, change, detail) VALUES (?, ?, ?, NULL, 'regressed', ?)`,
  )

  const addSamples = groupSampleWrites(db)

  return ({ project, id, latest, releases, samples, ...seen }) => {
    const { group } = latest
    addSamples(project, id, samples)
    for (const [release, { firstReceivedMs }] of releases)
      if (release !== null) insertRelease.run(project, release, firstReceivedMs)
    // `as`: what the statement returns.
    const known = upsert.get({
      ...group,
      ...seen,
      project,
      id,
      groupedBy: JSON.stringify(group.groupedBy),
    }) as Resolution
    if (known.status !== 'resolved') return
    for (const [release, { lastSeenMs }] of releases) {
      const isBack =
        release === null
          ? lastSeenMs > (known.resolvedMs ?? 0)
          : Number(selectReleaseMs.get(project, release)) > (known.resolvedReleaseMs ?? 0)
      if (!isBack) continue
      regress.run(project, id)
      insertChange.run(project, id, latest.receivedMs, release ?? '')
      return
    }
  }
}
