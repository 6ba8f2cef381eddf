import { byteLength } from './hash.ts'
import { toJson } from './json.ts'
import type { Event } from './protocol.ts'

/**
 * The event as JSON of at most `maxBytes`, every string of it scrubbed; undefined when nothing helps. Each step cuts strings
 * to a length and lists to their newest entries (frames to both ends), and leaves in `_meta` how long the whole was.
 */
export function trim(event: Event, maxBytes: number): string | undefined {
  for (const max of [Infinity, 8192, 1024, 128]) {
    const json = toJson(event, max)
    const len = byteLength(json)
    if (len <= maxBytes) return json
    event._meta = { '': { len } }
  }
  return
}
