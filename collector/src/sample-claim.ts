import { threshold } from 'ohnoes/sampling'
import { isObject } from './json.ts'

// What a browser says of the sampling of its own events (docs/sampling.md), made good: it may be anybody's.

/** One event cannot stand for more occurrences of its session, nor for more than a million sessions. */
export const MAX_N = 100_000
export const MIN_RATE = 1e-6
const MAX_FINGERPRINT_LENGTH = 64
const MAX_SESSION_LENGTH = 200

/** How an event was kept, and what it stands for: n occurrences in its session, 1/rate sessions. */
export interface Claim {
  /** What the client calls the fingerprint; null where nothing is known of any sampling. */
  fp: string | null
  rate: number
  n: number
}

export interface ReadClaim extends Claim {
  isCorrected: boolean
}

export const UNSAMPLED: Claim = { fp: null, rate: 1, n: 1 }

/**
 * The claim for an error of a session. A session cannot have kept what its threshold leaves out: such an event, and one
 * whose numbers are none, stands for itself.
 */
export function readClaim(sid: unknown, claim: unknown): ReadClaim {
  const { fp, p, n } = isObject(claim) ? claim : {}
  if (typeof sid !== 'string' || sid.length > MAX_SESSION_LENGTH || typeof fp !== 'string')
    return { ...UNSAMPLED, isCorrected: false }
  const known = fp.slice(0, MAX_FINGERPRINT_LENGTH)
  const rate = typeof p === 'number' && p >= MIN_RATE && p <= 1 && threshold(sid, fp) < p ? p : 1
  const count = typeof n === 'number' && n >= 1 ? Math.min(Math.floor(n), MAX_N) : 1
  return { fp: known, rate, n: count, isCorrected: rate !== (p ?? 1) || count !== (n ?? 1) }
}
