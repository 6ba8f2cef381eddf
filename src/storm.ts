import { hash32 } from './hash.ts'
import { toJson } from './json.ts'
import { options } from './options.ts'
import { staysKept } from './rules.ts'
import { currentSession, randomId, type Storm } from './session.ts'
import { threshold } from './sample.ts'

const MAX_STORMS = 256
const MAX_TEXT_LENGTH = 512
// Of occurrences without a place. A fingerprint that is new does not count: each call site is found.
const MAX_REPEATS = 16

// When the bucket will be full again, which says all about it: one variable less than tokens and a time (-12 B).
let fullAtMs = 0

/** Counts one more of what this text names. */
export function countStorm(text: string): Storm {
  const { storms } = currentSession()
  let key: string | number = hash32(text.slice(0, MAX_TEXT_LENGTH)) // no text that may be secret gets into storage
  let kinds = 0
  if (!storms[key]) for (const _ in storms) if (++kinds == MAX_STORMS) key = ''
  const storm = storms[key] || (storms[key] = { count: 0, due: 0, told: 0, isOverflow: !key })
  storm.count++
  return storm
}

/** Whether it takes the fingerprint to tell these apart, as the first of those do that have no place. */
export function isBlurred(storm: Storm): boolean {
  return !storm.isOverflow && storm.count <= MAX_REPEATS
}

/** Counts one of them by its fingerprint instead. */
export function countSharply(blurred: Storm, fp: string): Storm {
  const storm = countStorm(fp)
  if (storm.count == 1) blurred.count--
  blurred.told = blurred.count
  blurred.due = 2 * MAX_REPEATS
  return storm
}

/**
 * How many occurrences this one leaves for, 0 if it may not: the 1st, 2nd, 4th, 8th, … of a storm, as a token bucket of
 * `maxEventsPerMinute` over all storms lets it; what that refuses is due again with the next one.
 */
export function admit(storm: Storm): number {
  const nowMs = performance.now() // wall clocks are set back
  const nextMs = Math.max(fullAtMs, nowMs) + 6e4 / options.maxEventsPerMinute
  if (storm.count < storm.due || nextMs - nowMs > 60_001) return 0 // a millisecond for rounding
  fullAtMs = nextMs
  storm.due = 2 * storm.count
  storm.p = 0
  // Of the overflow each may be another error.
  const n = storm.isOverflow ? 1 : storm.count - storm.told
  storm.told += n
  return n
}

/** What is held back at this moment of errors that the session keeps, as an envelope item; else nothing. */
export function stormCounts(): string {
  const { sid, storms } = currentSession()
  const rows = []
  for (const key in storms) {
    const storm = storms[key]!
    const { count, told, fp, p } = storm
    if (!p || count == told) continue
    storm.told = count
    const row = { fp, u: fp ? threshold(sid, fp) : undefined, p, n: count - told }
    if (staysKept(row)) rows.push(row)
  }
  return rows[0] ? `\n{"type":"ohnoes_counts"}\n${toJson({ id: randomId(), sid, rows })}` : ''
}
