import { attempt } from './guard.ts'
import { toJson } from './json.ts'
import { options } from './options.ts'
import { FILTERED } from './protocol.ts'
import { clean, isSecret } from './scrub.ts'

const MAX_ENTRIES = 50
const MAX_VALUES = 2000
const NAMING_ATTRIBUTES = ['data-ohnoes', 'data-testid', 'id', 'role', 'name', 'aria-label', 'class']
export const { getOwnPropertyDescriptor, keys, prototype } = Object

// How many values the copy in progress may still hold; so many characters of a string, as a power of two, are as good
// as another one.
let room = 0
let shift: number

/** `Error`, `Array`, `Null`, … as the language itself says; a revoked Proxy throws even here. */
export function tagOf(value: unknown): string {
  return attempt(() => prototype.toString.call(value).slice(8, -1)) || 'Proxy'
}

/** A property of any object, hostile ones included. */
export function read(object: unknown, key: string): unknown {
  return attempt(() => (object as Record<string, unknown>)[key])
}

/** `button#buy`, `input[name="query"]`, or `button.primary.wide` where nothing tells more; never what it contains. */
export function label(element: Element): string {
  for (const name of NAMING_ATTRIBUTES) {
    const given = element.getAttribute(name)
    if (given) {
      const value = clean(given, 64)
      return (
        element.localName +
        (name == 'id'
          ? '#' + value
          : name == 'class'
            ? '.' + value.replace(/\s+/g, '.')
            : `[${name}="${value}"]`)
      )
    }
  }
  return element.localName
}

/**
 * A plain, bounded, scrubbed copy that holds nothing of the page: getters are not invoked, DOM nodes and functions
 * become labels, what is deeper or wider than allowed becomes a remark.
 */
export function copy(value: unknown, depth = options.normalizeDepth, maxValues = MAX_VALUES): unknown {
  shift = 9
  room = maxValues
  return copyValue(value, depth)
}

/**
 * The same of variables, in short: of each depth 2, breadth 10 and 120 characters of a text, 8 KB of all. What is
 * undefined would get lost in JSON.
 */
export function copyLocals(records: unknown): unknown {
  shift = 4
  room = 500
  return records && copyValue(records, 5)
}

/** A bounded copy as one line: texts as they are, the rest as JSON. */
export function textOf(value: unknown): string {
  const copied = copy(value, 2)
  return typeof copied == 'string' ? copied : `${toJson(copied)}`
}

function copyValue(value: unknown, depth: number): unknown {
  if (typeof value == 'string') {
    const text = clean(value, Math.min(shift < 9 ? 120 : options.maxValueLength, (room + 1) << shift))
    room -= text.length >> shift
    return text
  }
  if (value === undefined && shift < 9) return '<undefined>'
  if (typeof value == 'boolean' || value == null || Number.isFinite(value)) return value
  return attempt(() => copyObject(value as object, depth)) || '[Proxy]'
}

function copyObject(value: object, depth: number): unknown {
  const tag = tagOf(value)
  if (/Element$/.test(tag)) return `<${label(value as Element)}>`
  if (/Function$/.test(tag)) return `ƒ ${read(value, 'name')}`
  if (tag == 'Error' || tag == 'Date' || tag == 'URL' || typeof value != 'object') return clean(String(value))
  if (tag == 'Map' || tag == 'Set') return `${tag}(${read(value, 'size')})`
  if (depth && /^(Array|Object)$/.test(tag)) return copyOwn(value, depth)
  return tag == 'Array' ? `Array(${(value as unknown[]).length})` : `[${tag}]`
}

/** The same for what an object of any kind holds in its own enumerable properties; shares the bound of the last copy. */
export function copyOwn(value: object, depth = options.normalizeDepth): Record<string, unknown> {
  const isArray = /Array$/.test(tagOf(value))
  const result = (isArray ? [] : {}) as Record<string, unknown>
  // All keys of an array would be as many strings as it has elements.
  const names = isArray ? (value as unknown[]) : keys(value)
  for (let i = 0; i < names.length; i++) {
    if (i == (shift < 9 && depth < 3 ? 10 : MAX_ENTRIES) || room-- < 1) {
      result[isArray ? i : '…'] = `… ${names.length - i} more`
      break
    }
    const name = isArray ? '' + i : (names[i] as string)
    const { get, value: own } = getOwnPropertyDescriptor(value, name) || {}
    result[name] = isSecret(name) ? FILTERED : get ? '(…)' : copyValue(own, depth - 1)
  }
  return result
}
