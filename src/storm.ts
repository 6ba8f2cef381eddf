import { keys } from './copy.ts'
import { hash32 } from './hash.ts'
import { toJson } from './json.ts'
import { options } from './options.ts'
import { staysKept } from './rules.ts'
import { currentSession, randomId, type Storm } from './session.ts'

const MAX_STORMS = 256
const MAX_TEXT_LENGTH = 512

// When the bucket will be full again, which says all about it: one variable less than tokens and a time (-12 B).
let fullAtMs = 0

/** What this text names; past the table's end all is one storm. */
export function stormOf(text: string): Storm {
  const { storms } = currentSession()
  let key: string | number = hash32(text.slice(0, MAX_TEXT_LENGTH)) // no text that may be secret gets into storage
  if (!storms[key] && keys(storms)[MAX_STORMS - 1]) key = ''
  return storms[key] || (storms[key] = { count: 0, due: 0, held: 0, key })
}

/**
 * Counts one more, and says how many occurrences it leaves for, 0 if it may not: the 1st, 2nd, 4th, 8th, … of a storm, as
 * a token bucket of `maxEventsPerMinute` over all storms lets it; what that refuses is due again with the next one.
 */
export function admit(storm: Storm): number {
  const nowMs = performance.now() // wall clocks are set back
  const nextMs = Math.max(fullAtMs, nowMs) + 6e4 / options.maxEventsPerMinute
  storm.held++
  if (++storm.count < storm.due || nextMs - nowMs > 60_001) return 0 // a millisecond for rounding
  fullAtMs = nextMs
  storm.due = 2 * storm.count
  storm.claim = undefined
  // Of the overflow each may be another error.
  const n = storm.key ? storm.held : 1
  storm.held -= n
  return n
}

/** What is held back at this moment of errors that the session keeps, as an envelope item; else nothing. */
export function stormCounts(): string | undefined {
  const { sid, storms } = currentSession()
  const rows: { p: number }[] = []
  for (const key in storms) {
    const storm = storms[key]!
    const row = { ...storm.claim!, n: storm.held }
    if (!row.p || !row.n) continue
    storm.held = 0
    if (staysKept(row)) rows.push(row)
  }
  return rows[0] && `\n{"type":"ohnoes_counts"}\n${toJson({ id: randomId(), sid, rows })}`
}
