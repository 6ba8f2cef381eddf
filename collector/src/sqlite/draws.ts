import { differenceOf, EMPTY_SAMPLE, type Sample, sampleOf } from '../estimate.ts'
import type { Claim } from '../sample-claim.ts'
import type { Connection } from './schema.ts'

// What sessions have kept of raw fingerprints: a session is one draw for each, however many of its events are kept.

export interface Draw {
  project: string
  session: string
  fingerprint: string
  atMs: number
  claim: Claim
}

/** What a draw adds to the sums of its group. */
export interface Drawn {
  events: Sample
  /** Of the session itself; where it is not new, what a larger rate than before changes. */
  session: Sample
}

interface Row {
  rate: number
  seen: number
  weighted: number
  lowestRate: number
}

export function drawWrites(db: Connection): (draw: Draw) => Drawn {
  const insert = db.prepare(
    `INSERT INTO fingerprint_sessions (project, session, fingerprint, first_seen_ms, client, rate)
     VALUES (@project, @session, @fingerprint, @atMs, @client, @rate) ON CONFLICT DO NOTHING`,
  )
  const where = 'WHERE project = @project AND session = @session AND fingerprint = @fingerprint'
  const select = db.prepare(
    `SELECT rate, seen, weighted, lowest_rate AS lowestRate FROM fingerprint_sessions ${where}`,
  )
  const update = db.prepare(
    `UPDATE fingerprint_sessions SET rate = @rate, seen = @seen, weighted = @weighted, lowest_rate = @lowestRate ${where}`,
  )

  return ({ project, session, fingerprint, atMs, claim: { fp, rate, n } }) => {
    const key = { project, session, fingerprint }
    const isNew = insert.run({ ...key, atMs, client: fp, rate }).changes > 0
    const before = isNew ? { rate, seen: 0, weighted: 0, lowestRate: 1 } : (select.get(key) as Row) // it is there: the insert has just met it
    const after = {
      rate: Math.max(before.rate, rate),
      seen: before.seen + (rate < 1 ? n : 0),
      weighted: before.weighted + (rate < 1 ? n / rate : 0),
      lowestRate: Math.min(before.lowestRate, rate),
    }
    if (rate < 1 || after.rate > before.rate) update.run({ ...key, ...after })
    const events = differenceOf(sampleOfRow(after), sampleOfRow(before))
    return {
      events: rate < 1 ? events : { ...events, certain: n },
      session: differenceOf(sampleOf(1, after.rate), isNew ? EMPTY_SAMPLE : sampleOf(1, before.rate)),
    }
  }
}

/** Of the events that were kept under a rate below 1; the smallest one gives the larger variance. */
function sampleOfRow({ seen, weighted, lowestRate }: Row): Sample {
  if (!weighted) return EMPTY_SAMPLE
  const squares = weighted * weighted
  return {
    certain: 0,
    draws: 1,
    seen,
    weighted,
    squares,
    variance: squares * (1 - lowestRate),
    largest: weighted,
  }
}
