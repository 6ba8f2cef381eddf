import { attempt } from './guard.ts'
import { options } from './options.ts'
import { FILTERED, SECRET_KEY, scrub } from './scrub.ts'

const MAX_ENTRIES = 50
const MAX_VALUES = 2000
const { getOwnPropertyDescriptor, keys, prototype } = Object

// How many values the copy in progress may still hold.
let room = 0

/** `Error`, `Array`, `Null`, … as the language itself says; a revoked Proxy throws even here. */
export function tagOf(value: unknown): string {
  return attempt(() => prototype.toString.call(value).slice(8, -1)) || 'Proxy'
}

/** A property of any object, hostile ones included. */
export function read(object: unknown, key: string): unknown {
  return attempt(() => (object as Record<string, unknown>)[key])
}

export function cut(text: string, max = options.maxValueLength): string {
  return text.length > max ? text.slice(0, max - 1) + '…' : text
}

/** `button#buy`, or `button.primary.wide` without an id. */
export function label({ localName, id, classList }: Element): string {
  return localName + (id ? '#' + id : ['', ...classList].join('.'))
}

/**
 * A plain, bounded, scrubbed copy that holds nothing of the page: getters are not invoked, DOM nodes and functions
 * become labels, what is deeper or wider than allowed becomes a remark.
 */
export function copy(value: unknown, depth = options.normalizeDepth): unknown {
  room = MAX_VALUES
  return copyValue(value, depth)
}

function copyValue(value: unknown, depth: number): unknown {
  if (typeof value == 'string') return scrub(cut(value))
  if (typeof value == 'boolean' || value == null || Number.isFinite(value)) return value
  return attempt(() => copyObject(value as object, depth)) || '[Proxy]'
}

function copyObject(value: object, depth: number): unknown {
  const tag = tagOf(value)
  if (/Element$/.test(tag)) return `<${label(value as Element)}>`
  if (/Function$/.test(tag)) return `ƒ ${read(value, 'name')}`
  if (tag == 'Error' || typeof value != 'object') return cut(String(value))
  if (tag == 'Date') return new Date(value as Date) // JSON makes it a text
  if (tag == 'Map' || tag == 'Set') return `${tag}(${read(value, 'size')})`
  const isArray = Array.isArray(value)
  if (depth && (isArray || tag == 'Object')) return copyOwn(value, depth)
  return isArray ? `Array(${value.length})` : `[${tag}]`
}

/** The same for what an object of any kind holds in its own enumerable properties; shares the bound of the last copy. */
export function copyOwn(value: object, depth = options.normalizeDepth): Record<string, unknown> {
  const isArray = Array.isArray(value)
  const result = (isArray ? [] : {}) as Record<string, unknown>
  // All keys of an array would be as many strings as it has elements.
  const names = keys(isArray ? value.slice(0, MAX_ENTRIES + 1) : value)
  let copied = 0
  for (const name of names) {
    if (copied == MAX_ENTRIES || room-- < 1) {
      result[isArray ? copied : '…'] = `… ${(isArray ? value : names).length - copied} more`
      break
    }
    const { get, value: own } = getOwnPropertyDescriptor(value, name)!
    result[name] = SECRET_KEY.test(name) ? FILTERED : get ? '(…)' : copyValue(own, depth - 1)
    copied++
  }
  return result
}
