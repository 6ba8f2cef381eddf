import { FILTERED } from 'ohnoes/protocol'
import { cut } from './cut.ts'
import { isObject, type JsonObject } from './json.ts'
import { at, type Marks, type Path } from './marks.ts'
import type { Scrubber } from './scrub.ts'

export const MAX_TEXT_LENGTH = 8192
export const MAX_DEPTH = 6
const MAX_KEY_LENGTH = 200
const MAX_SECRET_LENGTH = 8192

/** What goes along while an event is read: what was changed so far, and what counts as a secret. */
export interface Reading {
  marks: Marks
  scrubber: Scrubber
}

/** Free-form data without secrets, with its depth and strings bounded; its size is capped later, with the whole event's. */
export function bound(value: unknown, path: Path | undefined, reading: Reading, depth = MAX_DEPTH): unknown {
  if (typeof value === 'string') return boundText(value, MAX_TEXT_LENGTH, path, reading)
  if (typeof value === 'number') return withoutCard(value, reading)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) {
    reading.marks.add(path, { rule: '!limit', kind: 's' })
    return Array.isArray(value) ? `[Array(${value.length})]` : '[Object]'
  }
  if (Array.isArray(value)) {
    // Headers, cookies and queries come as lists of pairs, too.
    const [key] = value as unknown[]
    if (value.length === 2 && typeof key === 'string' && reading.scrubber.isSecretKey(key))
      return [bound(key, at(path, 0), reading), FILTERED]
    return value.map((entry, index) => bound(entry, at(path, index), reading, depth - 1))
  }
  return boundObject(value as JsonObject, path, reading, depth)
}

/** The same for an object, whose type it keeps. */
export function boundObject(
  value: JsonObject,
  path: Path | undefined,
  reading: Reading,
  depth = MAX_DEPTH,
): JsonObject {
  const out: JsonObject = {}
  for (const key of Object.keys(value)) {
    // Assigned, `__proto__` would become the prototype of our copy.
    if (key === '__proto__') continue
    const name = cut(key, MAX_KEY_LENGTH)
    out[name] = reading.scrubber.isSecretKey(key)
      ? FILTERED
      : bound(value[key], at(path, name), reading, depth - 1)
  }
  return out
}

/** The fields of other names. A rest pattern would cost as much as all else that is done with a frame. */
export function fieldsBut(names: ReadonlySet<string>, value: JsonObject): JsonObject {
  const others: JsonObject = {}
  for (const key of Object.keys(value)) if (!names.has(key) && key !== '__proto__') others[key] = value[key]
  return others
}

/** A field that holds an object; anything else is left out and marked. */
export function objectField(
  value: unknown,
  path: Path | undefined,
  reading: Reading,
): JsonObject | undefined {
  if (isObject(value)) return boundObject(value, path, reading)
  if (value !== undefined && value !== null) reading.marks.add(path, { rule: '!invalid', kind: 'x' })
  return undefined
}

/** A field that holds text; numbers and booleans become text, anything else is left out and marked. */
export function textField(
  value: unknown,
  maxLength: number,
  path: Path | undefined,
  reading: Reading,
): string | undefined {
  if (typeof value === 'string') return boundText(value, maxLength, path, reading)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value !== undefined && value !== null) reading.marks.add(path, { rule: '!invalid', kind: 'x' })
  return undefined
}

function boundText(
  text: string,
  maxLength: number,
  path: Path | undefined,
  { marks, scrubber }: Reading,
): string {
  if (text.length > maxLength) marks.add(path, { rule: '!limit', kind: 's', length: text.length })
  // Scrubbed with what follows the cut: half a secret is one still, and no longer looks like it.
  return cut(scrubber.text(text.slice(0, maxLength + MAX_SECRET_LENGTH)), maxLength)
}

function withoutCard(value: number, { scrubber }: Reading): number | string {
  // Card numbers have 13 digits and more.
  if (value < 1e12 || !Number.isSafeInteger(value)) return value
  const text = scrubber.text(String(value))
  return text === FILTERED ? text : value
}

/** The same for data whose keys are names of things. */
export const namesAreNoSecrets = ({ marks, scrubber }: Reading): Reading => ({
  marks,
  scrubber: { ...scrubber, isSecretKey: () => false },
})
