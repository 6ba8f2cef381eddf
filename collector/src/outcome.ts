import type { EnvelopeItem } from './envelope.ts'
import { isObject, readJson } from './json.ts'
import type { Outcome, OutcomeKind } from './store.ts'

/** Of `shed`: repeats that storm control held back, and no events. */
export const HELD_BACK = 'held_back'
/** Of `client`: such repeats where nothing was kept of their error. */
export const UNATTRIBUTED = 'unattributed'
const MAX_CLAIMED_QUANTITY = 1_000_000
const MAX_CLAIMED_ROWS = 50

/** What becomes of items that are not stored: client reports are counted, the rest is skipped by type. */
export function outcomesOfSkipped(items: EnvelopeItem[], dropped: number): Outcome[] {
  const outcomes = items.flatMap(item =>
    item.type === 'client_report' ? claimsOf(item.payload) : [filtered(`item:${reasonOf(item.type)}`, 1)],
  )
  return dropped ? [...outcomes, filtered('too_many_items', dropped)] : outcomes
}

/** Sentry's client report, `{"discarded_events": [{"reason", "category", "quantity"}]}`; what makes no sense is left out. */
function claimsOf(payload: Uint8Array): Outcome[] {
  const json = readJson(payload)
  const rows = json.ok && isObject(json.value) ? json.value.discarded_events : undefined
  if (!Array.isArray(rows)) return [filtered('item:broken_client_report', 1)]
  return rows.slice(0, MAX_CLAIMED_ROWS).flatMap(row => {
    if (!isObject(row) || typeof row.quantity !== 'number' || !(row.quantity >= 1)) return []
    const quantity = Math.min(Math.floor(row.quantity), MAX_CLAIMED_QUANTITY)
    return [{ kind: 'client', reason: reasonOf(row.reason), quantity }]
  })
}

/** What a client names a thing, as long as it looks like a name. */
const reasonOf = (claim: unknown): string =>
  typeof claim === 'string' && /^[a-z0-9_-]{1,40}$/i.test(claim) ? claim : 'other'

const filtered = (reason: string, quantity: number): Outcome => ({ kind: 'filtered', reason, quantity })

/** The same with one outcome for each kind and reason. */
export function tally(outcomes: Outcome[]): Outcome[] {
  const byReason = new Map<string, Outcome>()
  for (const outcome of outcomes) {
    const key = `${outcome.kind} ${outcome.reason}`
    const known = byReason.get(key)
    if (known) known.quantity += outcome.quantity
    else byReason.set(key, { ...outcome })
  }
  return [...byReason.values()]
}

type ByReason = Record<string, number>

/** The counts as `GET /api/{project}/outcomes` shows them. */
export function outcomesToJson(outcomes: Outcome[]): Record<OutcomeKind, number | ByReason> {
  const total = (kind: OutcomeKind): number =>
    outcomes
      .filter(outcome => outcome.kind === kind && outcome.reason !== HELD_BACK)
      .reduce((sum, { quantity }) => sum + quantity, 0)
  const byReason = (kind: OutcomeKind): ByReason =>
    Object.fromEntries(
      outcomes.filter(outcome => outcome.kind === kind).map(({ reason, quantity }) => [reason, quantity]),
    )
  return {
    accepted: total('accepted'),
    stored: total('stored'),
    filtered: byReason('filtered'),
    rate_limited: total('rate_limited'),
    shed: total('shed'),
    client: byReason('client'),
    invalid: byReason('invalid'),
  }
}
