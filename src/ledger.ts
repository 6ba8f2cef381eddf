// The session's ledger: where every occurrence went. occurred + restored = sent + Σ dropped + what is in flight or waits.
import { options } from './options.ts'

export interface Stats {
  /** Errors, messages and events seen. */
  occurred: number
  /** Events of earlier pages and other tabs, taken over from what is kept offline. */
  restored: number
  /** Passed storm control. */
  admitted: number
  /** Passed sampling and every hook. */
  kept: number
  /** Acknowledged by the collector. */
  sent: number
  dropped: Record<string, number>
  /** Calls of the page's hooks that failed; what they were called for went its way without them. */
  hookErrors: number
}

export const stats: Stats = {
  occurred: 0,
  restored: 0,
  admitted: 0,
  kept: 0,
  sent: 0,
  dropped: {},
  hookErrors: 0,
}

/** Dropped, and not yet told. */
let untold: Record<string, number> = {}

/** Counts occurrences that will not leave the page; reasons are Sentry's where Sentry has one. */
export function drop(reason: string, n = 1, all = [stats.dropped, untold]): '' {
  if (n) for (const counts of all) counts[reason] = (counts[reason] || 0) + n
  return ''
}

export type Drops = [reason: string, quantity: number][]

/** What was dropped since it was last told. Sessions that are sampled out tell nothing of it: others stand for them. */
export function tellDrops(isAlone?: boolean): Drops {
  const told = Object.entries(untold)
  if (!options.sendClientReports || (isAlone && 'sample_rate'.includes(`${Object.keys(untold)}`))) return []
  untold = {}
  return told
}

/** For when the telling has failed. */
export function untell(told: Drops): void {
  for (const [reason, n] of told) drop(reason, n, [untold])
}
