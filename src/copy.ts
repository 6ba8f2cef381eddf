import { attempt } from './guard.ts'
import { toJson } from './json.ts'
import { options } from './options.ts'
import { FILTERED, MAX_EVENT_BYTES } from './protocol.ts'
import { clean, isSecret } from './scrub.ts'

const MAX_ENTRIES = 50
// What a value takes beside its text.
const VALUE_CHARS = 20
/** Of the texts in variables. */
export const LOCALS_LENGTH = 120
const NAMING_ATTRIBUTES = ['data-ohnoes', 'data-testid', 'id', 'role', 'name', 'aria-label', 'class']
export const { getOwnPropertyDescriptor, keys, prototype } = Object

/** What labels are made of. */
interface Labelled {
  name: unknown
  type: unknown
  length: unknown
  size: unknown
}

// How many characters the copy in progress may still have, and each of its texts.
let room = 0
let longest: number

/** `Error`, `Array`, `Null`, … as the language itself says; a revoked Proxy throws even here. */
export const tagOf = (value: unknown): string =>
  attempt(() => prototype.toString.call(value).slice(8, -1)) || 'Proxy'

/** A property of any object, hostile ones included. */
export const read = (object: unknown, key: string): unknown =>
  attempt(() => (object as Record<string, unknown>)[key])

/** `input[name="query"]`, or `button[class="primary wide"]` where nothing tells more; never what it contains. */
export function label(element: Element): string {
  for (const name of NAMING_ATTRIBUTES) {
    const given = element.getAttribute(name)
    if (given) return `${element.localName}[${name}="${clean(given, 64)}"]`
  }
  return element.localName
}

/**
 * A plain, bounded, scrubbed copy that holds nothing of the page: getters are not invoked, DOM nodes and functions
 * become labels, what is deeper or wider than allowed becomes a remark. All of it has about `maxChars`, each text `maxLength`.
 */
export function copy(
  value: unknown,
  depth = options.normalizeDepth,
  maxChars = MAX_EVENT_BYTES,
  maxLength = options.maxValueLength,
): unknown {
  longest = maxLength
  room = maxChars
  return copyValue(value, depth)
}

/** A bounded copy as one line: texts as they are, the rest as JSON. */
export function textOf(value: unknown): string {
  const copied = copy(value, 2)
  return typeof copied == 'string' ? copied : `${toJson(copied)}`
}

function copyValue(value: unknown, depth: number): unknown {
  if (typeof value == 'string') {
    const text = clean(value, Math.min(longest, room))
    room -= text.length
    return text
  }
  // Booleans, and numbers that JSON has.
  if (value == null || (/^(bo|n)/.test(typeof value) && (value as number) - (value as number) == 0))
    return value
  return (
    attempt(() => {
      const tag = tagOf(value)
      const thing = value as Labelled
      if (/Element$/.test(tag)) return `<${label(value as Element)}>`
      if (/Function$/.test(tag)) return `ƒ ${thing.name}`
      if (/Event$/.test(tag)) return `${tag} ${thing.type}`
      if (/^(Error|Date|URL)$/.test(tag) || typeof value != 'object') return copyValue(String(value), 0)
      if (depth && /^(Array|Object)$/.test(tag)) return copyOwn(value!, depth)
      return /^(Array|Map|Set)$/.test(tag) ? `${tag}(${thing.size || thing.length || 0})` : `[${tag}]`
    }) || 'Proxy'
  )
}

/** The same for what an object of any kind holds in its own enumerable properties; shares the bound of the last copy. */
export function copyOwn(value: {}, depth: number): Record<string, unknown> {
  const isArray = /Array$/.test(tagOf(value))
  const result = (isArray ? [] : {}) as Record<string, unknown>
  // All keys of an array would be as many strings as it has elements.
  const names = isArray ? (value as unknown[]) : keys(value)
  for (let i = 0; i < names.length; i++) {
    if (i == (depth < 3 ? 10 : MAX_ENTRIES) || (room -= VALUE_CHARS) < 0) {
      result[isArray ? i : '…'] = `… ${names.length - i} more`
      break
    }
    const name = isArray ? '' + i : (names[i] as string)
    // What is undefined would get lost in JSON, which matters of variables.
    const { get, value: own = longest == LOCALS_LENGTH ? '<undefined>' : undefined } =
      getOwnPropertyDescriptor(value, name) || {}
    result[copyValue(name, 0) as string] = isSecret(name) ? FILTERED : get ? '(…)' : copyValue(own, depth - 1)
  }
  return result
}
