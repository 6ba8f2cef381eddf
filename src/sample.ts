import { hash32 } from './hash.ts'

/**
 * Where a session stands with an error: uniform in [0, 1), the same on every page, in every version and, by the test
 * vectors of docs/sampling.md, in every language. hash32 over `session id:fingerprint`, divided by 2³².
 */
export const threshold = (sessionId: string, fingerprint: string): number =>
  hash32(sessionId + ':' + fingerprint) / 2 ** 32

/**
 * Whether a session keeps an error under a rate of 0 to 1: all of its occurrences or none, and under a lower rate never
 * what a higher one leaves out.
 */
export const keep = (sessionId: string, fingerprint: string, rate: number): boolean =>
  threshold(sessionId, fingerprint) < rate
