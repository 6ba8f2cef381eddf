import type { Outcome } from './store.ts'

// Outcomes as a sum that people can check: received = accepted + filtered + over a limit + refused, and
// accepted = stored + delivered twice + refused for the moment.

export interface OutcomeLine {
  title: string
  quantity: number
  /** 1 for a part of the line before it that has 0. */
  depth: 0 | 1
}

export interface EventCounts {
  received: number
  lines: OutcomeLine[]
  /** Items that are no events, and were passed over. */
  others: OutcomeLine[]
  client: OutcomeLine[]
}

const TITLES: Record<string, string> = {
  'filter:extensions': 'errors of browser extensions',
  'filter:crawlers': 'crawlers',
  'filter:legacy-browsers': 'old browsers',
  'filter:localhost': 'pages on localhost',
  key_quota: "the key's quota",
  session_limit: 'one session sent too many',
  address_limit: 'one address sent too many',
}

export function eventCountsOf(outcomes: Outcome[]): EventCounts {
  const of = (kind: Outcome['kind'], prefix = ''): OutcomeLine[] =>
    outcomes
      .filter(outcome => outcome.kind === kind && outcome.reason.startsWith(prefix))
      .map(({ reason, quantity }) => ({
        title: TITLES[reason] ?? reason.replaceAll('_', ' '),
        quantity,
        depth: 1 as const,
      }))
      .sort((a, b) => b.quantity - a.quantity)
  const accepted = sumOf(of('accepted'))
  const stored = sumOf(of('stored'))
  const duplicates = sumOf(of('filtered', 'duplicate'))
  // Not stored and no duplicate: answered 503, or on its way at this moment.
  const undecided = Math.max(0, accepted - stored - duplicates)
  const parts = [
    part('Accepted', accepted, [
      line('stored', stored),
      line('delivered twice, kept once', duplicates),
      line('sent back for later, or on their way', undecided),
    ]),
    part('Filtered', undefined, of('filtered', 'filter:')),
    part('Over a limit', undefined, of('rate_limited')),
    part('Shed under load', undefined, of('shed')),
    part('Refused', undefined, of('invalid')),
  ]
  const isOther = ({ kind, reason }: Outcome): boolean =>
    kind === 'filtered' && reason !== 'duplicate' && !reason.startsWith('filter:')
  return {
    received: parts.reduce((sum, { total }) => sum + total, 0),
    lines: parts.flatMap(({ lines }) => lines),
    others: outcomes
      .filter(isOther)
      .map(({ reason, quantity }) => ({ title: otherTitleOf(reason), quantity, depth: 0 })),
    client: of('client').map(entry => ({ ...entry, depth: 0 })),
  }
}

/** `item:attachment` is an attachment, `metric:unknown_name` something about a metric. */
const otherTitleOf = (reason: string): string =>
  reason
    .replace(/^item:/, '')
    .replace(':', ': ')
    .replaceAll('_', ' ')

const line = (title: string, quantity: number): OutcomeLine => ({ title, quantity, depth: 1 })

/** A line with its parts; nothing where there are none. */
function part(title: string, known: number | undefined, lines: OutcomeLine[]) {
  const total = known ?? sumOf(lines)
  const parts = lines.filter(({ quantity }) => quantity > 0)
  return { total, lines: total ? [{ title, quantity: total, depth: 0 as const }, ...parts] : [] }
}

const sumOf = (lines: OutcomeLine[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0)
