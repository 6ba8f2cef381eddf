import { clean } from './scrub.ts'

export const { parse, stringify } = JSON

/**
 * JSON of plain data, whatever `toJSON` the page has put on its prototypes (Prototype.js 1.6 did), its strings without
 * secrets. With a `max`, strings are cut to so many characters, and lists to their newest entries (frames to both ends).
 */
export function toJson(value: unknown, max = Infinity): string {
  return stringify(value, function (this: Record<string, unknown>, key: string) {
    const value = this[key]
    if (typeof value == 'string') return clean(value, max)
    if (!Array.isArray(value)) return value
    return value.filter((_, i) => i >= value.length - max / 99 || (key == 'frames' && i < max / 99))
  })
}
