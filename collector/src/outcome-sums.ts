import { HELD_BACK, UNATTRIBUTED } from './outcome.ts'
import type { Outcome } from './store.ts'

// Outcomes as a sum that people can check: received = accepted + filtered + over a limit + refused, and
// accepted = stored + delivered twice + refused for the moment. What clients say they never sent is beside it.

export interface OutcomeLine {
  title: string
  quantity: number
  /** 1 for a part of the line before it that has 0. */
  depth: 0 | 1
}

export interface EventCounts {
  /** Occurrences that anything was heard of: received, or never sent. */
  known: number
  received: number
  lines: OutcomeLine[]
  /** Items that are no events, and were passed over. */
  others: OutcomeLine[]
  neverSent: number
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
  storm_control: 'repeats that storm control held back',
  sample_rate: 'sampled out',
  ratelimit_backoff: 'during a rate limit',
  ignored: 'ignored by the page',
  before_send: 'dropped by beforeSend',
  event_processor: 'dropped by an event processor',
  queue_overflow: 'pushed out of a full queue',
}

export function eventCountsOf(outcomes: Outcome[]): EventCounts {
  const of = (kind: Outcome['kind'], prefix = ''): (OutcomeLine & { reason: string })[] =>
    outcomes
      .filter(outcome => outcome.kind === kind && outcome.reason.startsWith(prefix))
      .map(({ reason, quantity }) => ({
        reason,
        title: TITLES[reason] ?? reason.replaceAll('_', ' '),
        quantity,
        depth: 1 as const,
      }))
      .sort((a, b) => b.quantity - a.quantity)
  // What pages told of repeats afterwards, and what became of that: none of it is counted a second time.
  const repeats = [
    line('told afterwards, and shed', sumOf(of('shed').filter(({ reason }) => reason === HELD_BACK))),
    line('told afterwards, of no error that is known', sumOf(of('client', UNATTRIBUTED))),
  ].filter(({ quantity }) => quantity > 0)
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
    part(
      'Shed: others of the sample stand for them',
      sumOf(of('shed').filter(({ reason }) => reason !== HELD_BACK)),
      [],
    ),
    part('Refused', undefined, of('invalid')),
  ]
  const isOther = ({ kind, reason }: Outcome): boolean =>
    kind === 'filtered' && reason !== 'duplicate' && !reason.startsWith('filter:')
  const received = parts.reduce((sum, { total }) => sum + total, 0)
  const client = of('client').filter(({ reason }) => reason !== UNATTRIBUTED)
  const neverSent = sumOf(client)
  return {
    known: received + neverSent,
    received,
    lines: parts.flatMap(({ lines }) => lines),
    others: outcomes
      .filter(isOther)
      .map(({ reason, quantity }) => ({ title: otherTitleOf(reason), quantity, depth: 0 })),
    neverSent,
    client: client.flatMap(({ reason, ...entry }) => [
      { ...entry, depth: 0 },
      ...(reason === 'storm_control' ? repeats : []),
    ]),
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
