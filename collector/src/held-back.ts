import { isObject, readJson } from './json.ts'
import { HELD_BACK } from './outcome.ts'
import type { Outcome, NewHeldBack } from './store.ts'
import { hashSession } from './session-item.ts'
import type { Verdict } from './sampling.ts'
import { readClaim } from './sample-claim.ts'

// `ohnoes_counts`: what storm control held back in a session, `{"id", "sid", "rows": [{"fp", "u", "p", "n"}]}`.

const MAX_ROWS = 100
const MAX_ID_LENGTH = 64

/** The deliveries of an envelope; a row without a fingerprint belongs to no error, and is an outcome. */
export function readHeldBack(
  payloads: Uint8Array[],
  { receivedMs, judge }: { receivedMs: number; judge: (claim: unknown) => Verdict },
): { heldBack: NewHeldBack[]; outcomes: Outcome[] } {
  const heldBack: NewHeldBack[] = []
  const outcomes: Outcome[] = []
  for (const payload of payloads) {
    const json = readJson(payload)
    const { id, sid, rows } = json.ok && isObject(json.value) ? json.value : {}
    if (typeof id !== 'string' || !id || typeof sid !== 'string' || !sid || !Array.isArray(rows)) {
      outcomes.push({ kind: 'invalid', reason: 'invalid_counts', quantity: 1 })
      continue
    }
    heldBack.push({
      id: id.slice(0, MAX_ID_LENGTH),
      session: hashSession('session', sid),
      receivedMs,
      rows: rows
        .slice(0, MAX_ROWS)
        .filter(isObject)
        .flatMap(row => {
          const { fp, rate, n } = readClaim(sid, { ...row, fp: row.fp ?? '' })
          if (!fp) return { fp: null, rate, n }
          const verdict = judge({ sid, fp })
          if (verdict.isShed) outcomes.push({ kind: 'shed', reason: HELD_BACK, quantity: n })
          return verdict.isShed ? [] : { fp, rate: Math.min(rate, verdict.rate), n }
        }),
    })
  }
  return { heldBack, outcomes }
}
