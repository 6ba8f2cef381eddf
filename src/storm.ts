import { options } from './options.ts'

let tokens = 0
let refilledAt = 0

/** True if one more report may leave now: a token bucket of `maxEventsPerMinute` over all errors. */
export function admit(nowMs: number): boolean {
  const max = options.maxEventsPerMinute
  tokens = Math.min(max, tokens + ((nowMs - refilledAt) / 6e4) * max)
  refilledAt = nowMs
  if (tokens < 1) return false
  tokens--
  return true
}
