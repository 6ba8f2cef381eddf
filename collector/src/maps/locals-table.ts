import { isObject, type JsonObject } from '../json.ts'
import type { FunctionScope } from './function-scopes.ts'

// What ohnoes-plugin writes into the map of instrumented code, as `x_ohnoes_locals`: for each id in the code the variables
// whose values come with it. Positions are those of the sources. As everything in a map it is a stranger's.

/** From the first position up to the second: lines from 1, columns from 0. */
export type Range = [line: number, column: number, endLine: number, endColumn: number]

export interface LocalsVariable {
  name: string
  /** Where the name means it and it has a value. */
  range: Range
  /** Its place among the values; without one it was left alone, and may hide another of its name. */
  value?: number
}

export interface LocalsEntry {
  range: Range
  variables: LocalsVariable[]
  /** For a block: the id of its function, whose record comes later. */
  within?: string
}

export type LocalsTable = Record<string, LocalsEntry>

const MAX_ENTRIES = 500_000
const MAX_VARIABLES = 1000
const MAX_NAME_LENGTH = 500

/** Of what is no table, or too large, nothing is left: the frames lack their variables, and are resolved all the same. */
export function readLocalsTable({ x_ohnoes_locals: given }: JsonObject): LocalsTable {
  const table: LocalsTable = Object.create(null) as LocalsTable // ids are a stranger's, `__proto__` among them
  if (!isObject(given)) return table
  for (const [id, entry] of Object.entries(given).slice(0, MAX_ENTRIES)) {
    const { range, variables, within } = isObject(entry) ? entry : {}
    if (!isRange(range) || !Array.isArray(variables)) continue
    table[id] = {
      range,
      variables: variables.slice(0, MAX_VARIABLES).flatMap(variable => readVariable(variable) ?? []),
      ...(typeof within === 'string' && { within }),
    }
  }
  return table
}

function readVariable(given: unknown): LocalsVariable | undefined {
  const { name, range, value } = isObject(given) ? given : {}
  if (typeof name !== 'string' || !isRange(range)) return undefined
  return {
    name: name.slice(0, MAX_NAME_LENGTH),
    range,
    ...(Number.isInteger(value) && { value: value as number }),
  }
}

const isRange = (value: unknown): value is Range =>
  Array.isArray(value) && value.length === 4 && value.every(Number.isSafeInteger)

/** By the index of a function in the list, which is sorted: what of the table stands in its own code. */
export function tablesByFunction(
  scopes: FunctionScope[],
  code: string,
  table: LocalsTable,
): Map<number, LocalsTable> {
  const found = new Map<number, LocalsTable>()
  const around: number[] = []
  let next = 0
  for (const { index: at, 1: id = '' } of code.matchAll(/["'`]([\w-]{9,20})["'`]/g)) {
    const entry = table[id]
    if (!entry) continue
    for (; (scopes[next]?.start ?? Infinity) <= at; next++) around.push(next)
    while (around.length && (scopes[around.at(-1) ?? 0]?.end ?? 0) <= at) around.pop()
    const innermost = around.at(-1)
    if (innermost === undefined) continue
    const own = found.get(innermost) ?? (Object.create(null) as LocalsTable)
    own[id] = entry
    found.set(innermost, own)
  }
  return found
}
