// The controller: from what has arrived to the rates under which clients keep errors. It has no state of its own, so that
// all collectors of a fleet come to the same answer.

/** Arrivals are counted in slots of this length, */
export const SLOT_MS = 5000
/** of which so many are looked at: after a storm its rate comes back over that time. */
export const SLOTS = 6
const TTL_S = 10
/** An answer has at most 4 KB. */
const MAX_RATES = 100
/** Rates are steps of 2^¼, a tenth to either side, so that they do not change with each answer. */
const STEPS = 4
const MIN_RATE = 1e-6
/** So many times what may be kept in all are looked at, for what is new among errors that are not listed, and kept if it is. */
export const LOOKED_AT = 10
/** Arrivals that are so many times those of the whole window are a storm that has just begun. */
const ONSET = 2

/** What arrived of a fingerprint, kept or not: Σ 1/p of its reports. */
export interface Arrivals {
  fp: string
  /** In the current slot, in the one before it, and in all of them. */
  current: number
  previous: number
  all: number
}

/** The hottest fingerprints, and the same sums over all there are. */
export interface ArrivalCounts {
  hottest: Arrivals[]
  total: Omit<Arrivals, 'fp'>
}

/** In events a second that are kept. */
export interface Targets {
  keptPerError: number
  keptInAll: number
}

/** The answer of `GET /api/{project}/sampling`; `ttl` in seconds, `default` for fingerprints that are not listed. */
export interface Rules {
  v: 1
  ttl: number
  default: number
  rates: Record<string, number>
}

/** What the collector itself goes by. */
export interface Rates {
  rules: Rules
  /** Of errors that are not listed, but for what is the first of one: clients cannot tell. */
  others: number
}

export const slotOf = (ms: number): number => Math.floor(ms / SLOT_MS)

const NO_RULES: Rules = { v: 1, ttl: TTL_S, default: 1, rates: {} }

export const NO_RATES: Rates = { rules: NO_RULES, others: 1 }

export function ratesOf({ hottest, total }: ArrivalCounts, nowMs: number, targets: Targets): Rates {
  const rates: Rules['rates'] = {}
  let restPerS = perSecond(total, nowMs)
  let listed = 0
  for (const arrivals of hottest) {
    const arrivingPerS = perSecond(arrivals, nowMs)
    if (arrivingPerS <= targets.keptPerError || listed === MAX_RATES) continue
    rates[arrivals.fp] = stepped(targets.keptPerError / arrivingPerS)
    restPerS -= arrivingPerS
    listed++
  }
  const room = Math.max(targets.keptInAll - listed * targets.keptPerError, targets.keptInAll / 2)
  const keeping = (perSecond: number): number => (restPerS > perSecond ? stepped(perSecond / restPerS) : 1)
  const rules = { ...NO_RULES, default: keeping(LOOKED_AT * targets.keptInAll), rates }
  return { rules, others: keeping(room) }
}

function perSecond({ current, previous, all }: Omit<Arrivals, 'fp'>, nowMs: number): number {
  const elapsedMs = nowMs - slotOf(nowMs) * SLOT_MS
  const lately = (current + previous) / (SLOT_MS + elapsedMs)
  const steady = Math.max(lately, all / ((SLOTS - 1) * SLOT_MS + elapsedMs))
  // Of less than a second nothing can be said.
  const now = current / Math.max(elapsedMs, 1000)
  return 1000 * (now > ONSET * steady ? now : steady)
}

function stepped(rate: number): number {
  const step = 2 ** (Math.round(Math.log2(rate) * STEPS) / STEPS)
  return Math.min(1, Math.max(MIN_RATE, Number(step.toPrecision(4))))
}
