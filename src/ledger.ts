// The session's ledger: where every occurrence went. occurred = sent + pending + Σ dropped.

export interface Stats {
  /** Errors, messages and events seen. */
  occurred: number
  /** Passed storm control. */
  admitted: number
  /** Passed sampling and every hook. */
  kept: number
  /** Acknowledged by the collector, or taken by the browser's beacon queue. */
  sent: number
  dropped: Record<string, number>
  /** Calls of the page's hooks that failed; what they were called for went its way without them. */
  hookErrors: number
}

export const stats: Stats = { occurred: 0, admitted: 0, kept: 0, sent: 0, dropped: {}, hookErrors: 0 }

/** Counts occurrences that will not leave the page; reasons are Sentry's where Sentry has one. */
export function drop(reason: string, n = 1): '' {
  if (n) stats.dropped[reason] = (stats.dropped[reason] || 0) + n
  return ''
}
