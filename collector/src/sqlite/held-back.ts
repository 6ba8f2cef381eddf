import { heldBackRate } from '../draw.ts'
import { totalOf } from '../estimate.ts'
import type { NewHeldBack } from '../store.ts'
import { drawWrites } from './draws.ts'
import { groupSampleWrites } from './group-samples.ts'
import type { Connection } from './schema.ts'

const HOUR_MS = 3_600_000

/** Counts what storm control has held back with the events that left, once; returns how many belong to none of them. */
export function heldBackWrites(db: Connection): (project: string, heldBack: NewHeldBack) => number {
  const insert = db.prepare(
    'INSERT INTO held_back (project, id, received_ms) VALUES (@project, @id, @receivedMs) ON CONFLICT DO NOTHING',
  )
  const select = db.prepare(
    `SELECT s.fingerprint, s.rate, f.group_id AS groupId FROM fingerprint_sessions AS s
     JOIN fingerprints AS f ON f.project = s.project AND f.id = s.fingerprint
     WHERE s.project = ? AND s.session = ? AND s.client = ?`,
  )
  const addToFingerprint = db.prepare(
    'UPDATE fingerprints SET events = events + ? WHERE project = ? AND id = ?',
  )
  const addToHour = db.prepare(
    `INSERT INTO fingerprint_hours (project, fingerprint, hour, events) VALUES (?, ?, ?, ?)
     ON CONFLICT (project, fingerprint, hour) DO UPDATE SET events = events + excluded.events`,
  )
  const addToGroup = db.prepare(
    'UPDATE groups SET events = events + ?, sessions = sessions + ? WHERE project = ? AND id = ?',
  )
  const book = drawWrites(db)
  const addSamples = groupSampleWrites(db)

  return (project, { id, session, receivedMs, rows }) => {
    if (insert.run({ project, id, receivedMs }).changes === 0) return 0
    let unattributed = 0
    for (const claim of rows) {
      const known = claim.fp === null ? undefined : select.get(project, session, claim.fp)
      if (!known) {
        unattributed += claim.n
        continue
      }
      const { fingerprint, groupId, rate } = known as { fingerprint: string; groupId: string; rate: number }
      const counted = { ...claim, rate: heldBackRate(claim.rate, { rate }) }
      const drawn = book({ project, session, fingerprint, atMs: receivedMs, claim: counted })
      const weight = totalOf(drawn.events)
      addToFingerprint.run(weight, project, fingerprint)
      addToHour.run(project, fingerprint, Math.floor(receivedMs / HOUR_MS), weight)
      addToGroup.run(weight, totalOf(drawn.session), project, groupId)
      addSamples(project, groupId, { events: drawn.events, sessions: drawn.session })
    }
    return unattributed
  }
}
