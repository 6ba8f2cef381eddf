// The session's ledger: where every occurrence went. occurred + restored = sent + Σ dropped + what is in flight or waits.

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

/** As a client report has it (https://develop.sentry.dev/sdk/telemetry/client-reports/). */
export interface Drops {
  reason: string
  category: 'error'
  quantity: number
}

/** Dropped, and not yet told. */
export const untold: Record<string, number> = {}

/** Counts occurrences that will not leave the page; reasons are Sentry's where Sentry has one. */
export function drop(reason: string, n = 1, all = [stats.dropped, untold]): '' {
  if (n) for (const counts of all) counts[reason] = (counts[reason] || 0) + n
  return ''
}
