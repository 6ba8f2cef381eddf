import { options } from './options.ts'

// When the bucket will be full again, which says all about it.
let fullAtMs = 0

/** Whether a token bucket of `maxEventsPerMinute` lets one more. */
export function admit(): boolean {
  const nowMs = performance.now() // wall clocks are set back
  const nextMs = Math.max(fullAtMs, nowMs) + 6e4 / options.maxEventsPerMinute
  if (nextMs - nowMs > 60_001) return false // a millisecond for rounding
  fullAtMs = nextMs
  return true
}
