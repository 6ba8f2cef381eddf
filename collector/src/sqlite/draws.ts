import { type Draw, draw, type Drawn } from '../draw.ts'
import type { Claim } from '../sample-claim.ts'
import type { Connection } from './schema.ts'

export interface Booking {
  project: string
  session: string
  fingerprint: string
  atMs: number
  claim: Claim
}

/** Books what sessions keep of raw fingerprints; returns what that adds to the sums of their groups. */
export function drawWrites(db: Connection): (booking: Booking) => Drawn {
  const insert = db.prepare(
    `INSERT INTO fingerprint_sessions (project, session, fingerprint, first_seen_ms, client)
     VALUES (@project, @session, @fingerprint, @atMs, @client) ON CONFLICT DO NOTHING`,
  )
  const where = 'WHERE project = @project AND session = @session AND fingerprint = @fingerprint'
  const select = db.prepare(
    `SELECT rate, seen, weighted, lowest_rate AS lowestRate FROM fingerprint_sessions ${where}`,
  )
  const update = db.prepare(
    `UPDATE fingerprint_sessions SET rate = @rate, seen = @seen, weighted = @weighted, lowest_rate = @lowestRate ${where}`,
  )
  return ({ project, session, fingerprint, atMs, claim }) => {
    const key = { project, session, fingerprint }
    const isNew = insert.run({ ...key, atMs, client: claim.fp }).changes > 0
    const before = isNew ? undefined : (select.get(key) as Draw) // it is there: the insert has just met it
    const drawn = draw(before, claim)
    // A new row has the rate 1.
    if (claim.rate < 1 || drawn.after.rate > (before?.rate ?? 1)) update.run({ ...key, ...drawn.after })
    return drawn
  }
}
