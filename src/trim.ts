import { MAX_EVENT_BYTES, type Event, type Meta } from './protocol.ts'

const { stringify } = JSON

// Longest string, breadcrumbs (the newest), frames (the outer ones of both ends): each step cuts a little more.
const STEPS = [
  [5e4, 10, 50],
  [8192, 10, 50],
  [1024, 10, 20],
  [128, 0, 10],
] as const

/** Bytes of UTF-8, which is what a browser's quotas count. */
export function byteLength(text: string): number {
  return new Blob([text]).size
}

/** The event as JSON of at most 200 KB, with `_meta` on what had to be cut; undefined when that was not enough. */
export function trim(event: Event): string | undefined {
  const meta: Meta = {}
  let json = stringify(event)
  for (const limits of STEPS) {
    if (byteLength(json) <= MAX_EVENT_BYTES) return json
    shrink(event, meta, limits)
    json = stringify({ ...event, _meta: meta })
  }
  return byteLength(json) <= MAX_EVENT_BYTES ? json : undefined
}

function shrink(node: object, meta: Meta, limits: (typeof STEPS)[number]): void {
  const [maxString, maxBreadcrumbs, maxFrames] = limits
  for (const [key, value] of Object.entries(node)) {
    const max = key == 'breadcrumbs' ? maxBreadcrumbs : key == 'frames' ? maxFrames : maxString
    const child = (meta[key] || {}) as Meta
    if (value && value.length > max) {
      child[''] = child[''] || { len: value.length, rem: [['!limit', 'x']] }
      if (typeof value == 'string') (node as Record<string, unknown>)[key] = value.slice(0, max - 1) + '…'
      else value.splice(key == 'frames' ? max / 2 : 0, value.length - max)
    }
    if (value && typeof value == 'object') shrink(value, child, limits)
    if (Object.keys(child).length) meta[key] = child
  }
}
