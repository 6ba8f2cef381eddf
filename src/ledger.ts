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
const untold: Record<string, number> = {}

/** Counts occurrences that will not leave the page; reasons are Sentry's where Sentry has one. */
export function drop(reason: string, n = 1, all = [stats.dropped, untold]): '' {
  if (n) for (const counts of all) counts[reason] = (counts[reason] || 0) + n
  return ''
}

/** As a client report has it (https://develop.sentry.dev/sdk/telemetry/client-reports/). */
export interface Drops {
  reason: string
  category: string
  quantity: number
}

/** What was dropped since it was last told. Of those that are sampled out nothing is told alone: others stand for them. */
export function tellDrops(isAlone?: boolean): Drops[] {
  const told = []
  for (const reason in untold)
    if (options.sendClientReports && !(isAlone && reason == 'sample_rate')) {
      told.push({ reason, category: 'error', quantity: untold[reason]! })
      delete untold[reason]
    }
  return told
}

/** For when the telling has failed. */
export function untell(told: Drops[]): void {
  for (const { reason, quantity } of told) drop(reason, quantity, [untold])
}
