// `ohnoes/locals`: what instrumented code calls as an exception leaves a function. It is part of the app's own code, once,
// and keeps what it is given until the bundle reports the exception. The one place that holds objects of the page: of the
// last thousand errors, as long as the page itself holds the error.

import type { LocalsRecord } from './protocol.ts'

const MAX_FRAMES = 16
const MAX_ERRORS = 1000

const page = globalThis as { __ohnoes_locals?: typeof keepOrTake }
// Two that take turns, since a large one costs: in code that throws without end, half a microsecond an error for making it
// larger again and again and for collecting its keys (V8 11.3).
let held = new WeakMap<object, LocalsRecord[]>()
let older = held
let errors = 0
// What is no object cannot be a key: the records of the last such value.
let primitive: unknown
let primitiveRecords: LocalsRecord[] | undefined

const isError = (Error as { isError?: (value: unknown) => boolean }).isError
const isObject = (value: unknown): value is object => Object(value) === value

/**
 * Keeps the values of a function's variables, innermost function first; without an id gives back what was kept of the
 * thrown value, and lets go of it. One for all instrumented code of a page, which the bundle finds by its global name.
 */
export const $l = page.__ohnoes_locals || (page.__ohnoes_locals = keepOrTake)

function keepOrTake(thrown: unknown, id?: string, values?: unknown): LocalsRecord[] | undefined {
  let records = recordsOf(thrown)
  if (!id) {
    if (isObject(thrown)) for (const map of [held, older]) map.delete(thrown)
    else if (records) primitiveRecords = undefined
    return records
  }
  // A value that comes again where it has been is thrown again.
  if (!records || (!isObject(thrown) && records.some(record => record[0] == id))) {
    records = []
    if (isObject(thrown)) {
      if (++errors > MAX_ERRORS) {
        older = held
        held = new WeakMap()
        errors = 1
      }
      held.set(thrown, records)
    } else {
      primitive = thrown
      primitiveRecords = records
    }
  }
  // Code like React's throws promises, which stay for long: of these, and of all that is no Error, only the way is kept.
  // Unlike `instanceof`, `isError` asks no Proxy.
  if (records.length < MAX_FRAMES)
    records.push((isError ? isError(thrown) : thrown instanceof Error) ? [id, values] : [id])
  return
}

function recordsOf(thrown: unknown): LocalsRecord[] | undefined {
  if (isObject(thrown)) return held.get(thrown) || older.get(thrown)
  return Object.is(thrown, primitive) ? primitiveRecords : undefined
}
