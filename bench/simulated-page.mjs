// A page of a session for bench/simulate.mjs: its clocks and its storage, with the bundle's own modules on them.

import { currentSession, forgetSession } from '../src/session.ts'

const clock = { pageMs: 0, wallMs: 0 }
export const realNowMs = performance.now.bind(performance)
performance.now = () => clock.pageMs
Date.now = () => clock.wallMs
globalThis.sessionStorage = {}

/** Goes on as the page of another session, whose wall clock stands there. */
export function openPage(sid, wallMs) {
  forgetSession()
  clock.wallMs = wallMs
  globalThis.sessionStorage.ohnoes = JSON.stringify({ sid, timestamp: wallMs, storms: {} })
}

export function setPageMs(ms) {
  clock.pageMs = ms
}

export const storms = () => Object.values(currentSession().storms)

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
