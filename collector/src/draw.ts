import { differenceOf, EMPTY_SAMPLE, type Sample, sampleOf } from './estimate.ts'
import type { Claim } from './sample-claim.ts'

/** What a session has kept of one error: one draw, however many events. The sums are over events with a rate below 1. */
export interface Draw {
  /** The largest that the session was kept under. */
  rate: number
  seen: number
  weighted: number
  lowestRate: number
}

/** What an event adds to a draw, and so to the sums of its error. */
export interface Drawn {
  after: Draw
  events: Sample
  /** Of the session itself; where it is not new, what a larger rate than before changes. */
  session: Sample
}

/** One more event of a session, which has had none of this error where there is nothing before. */
export function draw(before: Draw | undefined, { rate, n }: Pick<Claim, 'rate' | 'n'>): Drawn {
  const { seen, weighted, lowestRate, ...known } = before ?? { rate, seen: 0, weighted: 0, lowestRate: 1 }
  const after = {
    rate: Math.max(known.rate, rate),
    seen: seen + (rate < 1 ? n : 0),
    weighted: weighted + (rate < 1 ? n / rate : 0),
    lowestRate: Math.min(lowestRate, rate),
  }
  return {
    after,
    events:
      rate < 1
        ? differenceOf(sampleOfDraw(after), before ? sampleOfDraw(before) : EMPTY_SAMPLE)
        : { ...EMPTY_SAMPLE, certain: n },
    session: differenceOf(sampleOf(1, after.rate), before ? sampleOf(1, before.rate) : EMPTY_SAMPLE),
  }
}

/**
 * The rate of what storm control held back: it finds its error by what the session has kept of it, so it is in the sample
 * no more often than that.
 */
export const heldBackRate = (claimed: number, { rate }: Pick<Draw, 'rate'>): number => Math.min(claimed, rate)

/** Of several rates the smallest one gives the larger variance. */
function sampleOfDraw({ seen, weighted, lowestRate }: Draw): Sample {
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
