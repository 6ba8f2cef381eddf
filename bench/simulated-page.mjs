// The pages of sessions for bench/simulate.mjs: their clocks and their storage, with the bundle's own modules on them. Its
// rules are of one page; each session's are put there before it decides.

import { hash32, hex32 } from '../src/hash.ts'
import { learn, staysKept } from '../src/rules.ts'
import { threshold } from '../src/sample.ts'
import { currentSession, forgetSession } from '../src/session.ts'
import { admit, stormCounts, stormOf } from '../src/storm.ts'

const START_MS = 1_700_000_000_000
/** Pages open one after the other by their own clocks, so that none finds the bucket of another. */
const GAP_MS = 3_600_000
const FRESH_MS = 10_000
const MAX_WAIT_MS = 1500
export const NO_RULES = { v: 1, default: 1, rates: {} }

const clock = { pageMs: 0, wallMs: 0 }
export const realNowMs = performance.now.bind(performance)
performance.now = () => clock.pageMs
Date.now = () => clock.wallMs
crypto.getRandomValues = array => array // nobody looks at the ids of deliveries
globalThis.sessionStorage = {}
let openedMs = 0

/**
 * All that storm control lets out of the pages, in order of time: of `session` for the error `claim.fp`, `isFirst` the
 * session's first of it, `isRow` what was held back. Whether it leaves is not decided yet.
 */
export function reportsOf({ errors, clockErrorS = 0, seconds }, { sessions, random }) {
  learn(NO_RULES)
  const reports = []
  for (const [kind, { count, share, from, until, occurrences, everyMs = 3000, grows }] of errors.entries())
    for (let i = 0; i < count; i++) {
      const fp = hex32(hash32(`${kind} ${i}`)) + hex32(hash32(`+${kind} ${i}`))
      const affected = Math.max(1, Math.round(sessions * share))
      for (let nth = 0; nth < affected; nth++) {
        const beginMs = 1000 * (from + (until - from) * (grows ? Math.sqrt(random()) : random()))
        // The same each time for a loop, else spread around the mean.
        const times = everyMs < 1000 ? occurrences : 1 + Math.floor(random() * (2 * occurrences - 1))
        const clockMs = START_MS + 1000 * clockErrorS * (2 * random() - 1)
        const endMs = Math.min(beginMs + times * everyMs, seconds * 1000)
        visit({ fp, beginMs, endMs, everyMs, clockMs, sid: sidOf(random), reports })
      }
    }
  return reports.sort((a, b) => a.atMs - b.atMs)
}

/** One session that meets one error again and again. */
function visit({ sid, fp, beginMs, endMs, everyMs, clockMs, reports }) {
  forgetSession()
  openedMs += GAP_MS
  clock.wallMs = clockMs
  globalThis.sessionStorage.ohnoes = JSON.stringify({ sid, timestamp: clockMs, storms: {} })
  const session = { sid, rules: NO_RULES, freshUntilMs: 0 }
  const u = threshold(sid, fp)
  let atMs = beginMs
  let isFirst = true
  for (; atMs < endMs; atMs += everyMs) {
    clock.pageMs = openedMs + atMs
    const n = admit(stormOf(fp))
    if (n) reports.push({ atMs, session, claim: { sid, fp, u, p: 1, n }, isFirst })
    isFirst = false
  }
  for (const storm of Object.values(currentSession().storms)) storm.claim = { fp, u, p: 1 }
  for (const line of (stormCounts() ?? '').split('\n').slice(2))
    for (const { n } of JSON.parse(line).rows)
      reports.push({ atMs, session, claim: { sid, fp, u, p: 1, n }, isRow: true })
}

const sidOf = random => [0, 0, 0, 0].map(() => hex32(Math.floor(random() * 2 ** 32))).join('')

/** When a report may be decided on: at once, or when the page has waited for rules long enough. */
export function askForRules({ session, isRow }, atMs, ask) {
  if (isRow || atMs < session.freshUntilMs) return atMs
  session.freshUntilMs = atMs + FRESH_MS
  const rules = ask()
  if (rules) session.rules = rules
  return rules ? atMs : atMs + MAX_WAIT_MS
}

/** What the bundle makes of it, under what its session knows. */
export function leaves({ session, claim }) {
  learn(session.rules)
  return staysKept(claim)
}

/** Numbers from 0 to 1, the same for the same seed (xorshift32; Marsaglia, Journal of Statistical Software 8, 2003). */
export function createRandom(seed) {
  let state = Math.imul(seed, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
