import { cut } from './cut.ts'
import { isObject, type JsonObject } from './json.ts'
import type { Marks, Path } from './marks.ts'

export const MAX_TEXT_LENGTH = 8192
export const MAX_DEPTH = 6
const MAX_KEY_LENGTH = 200

/** Free-form data with its depth and strings bounded; its size is capped later, with the whole event's. */
export function bound(value: unknown, path: Path, marks: Marks, depth = MAX_DEPTH): unknown {
  if (typeof value === 'string') return boundText(value, MAX_TEXT_LENGTH, path, marks)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) {
    marks.add(path, { rule: '!limit', kind: 's' })
    return Array.isArray(value) ? `[Array(${value.length})]` : '[Object]'
  }
  if (Array.isArray(value))
    return value.map((entry, index) => bound(entry, [...path, index], marks, depth - 1))
  return boundObject(value as JsonObject, path, marks, depth)
}

/** The same for an object, whose type it keeps. */
export function boundObject(value: JsonObject, path: Path, marks: Marks, depth = MAX_DEPTH): JsonObject {
  const out: JsonObject = {}
  for (const [key, entry] of Object.entries(value)) {
    // Assigned, `__proto__` would become the prototype of our copy.
    if (key === '__proto__') continue
    const name = cut(key, MAX_KEY_LENGTH)
    out[name] = bound(entry, [...path, name], marks, depth - 1)
  }
  return out
}

/** A field that holds an object; anything else is left out and marked. */
export function objectField(value: unknown, path: Path, marks: Marks): JsonObject | undefined {
  if (isObject(value)) return boundObject(value, path, marks)
  if (value !== undefined && value !== null) marks.add(path, { rule: '!invalid', kind: 'x' })
  return undefined
}

/** A field that holds text; numbers and booleans become text, anything else is left out and marked. */
export function textField(value: unknown, maxLength: number, path: Path, marks: Marks): string | undefined {
  if (typeof value === 'string') return boundText(value, maxLength, path, marks)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value !== undefined && value !== null) marks.add(path, { rule: '!invalid', kind: 'x' })
  return undefined
}

function boundText(text: string, maxLength: number, path: Path, marks: Marks): string {
  if (text.length > maxLength) marks.add(path, { rule: '!limit', kind: 's', length: text.length })
  return cut(text, maxLength)
}
