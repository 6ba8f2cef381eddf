import { isObject, readJson } from './json.ts'
import type { Outcome, NewHeldBack } from './store.ts'
import { hashSession } from './session-item.ts'
import { readClaim } from './sample-claim.ts'

// `ohnoes_counts`: what storm control held back in a session, `{"id", "sid", "rows": [{"fp", "u", "p", "n"}]}`.

const MAX_ROWS = 100
const MAX_ID_LENGTH = 64

/** The deliveries of an envelope; a row without a fingerprint belongs to no error, and is an outcome. */
export function readHeldBack(
  payloads: Uint8Array[],
  receivedMs: number,
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
        .map(row => readClaim(sid, { ...row, fp: row.fp ?? '' }))
        .map(({ fp, rate, n }) => ({ fp: fp || null, rate, n })),
    })
  }
  return { heldBack, outcomes }
}
