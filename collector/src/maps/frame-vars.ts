import { isObject, type JsonObject } from '../json.ts'
import type { ResolvedFrame } from '../symbolication.ts'
import type { LocalsEntry, LocalsTable, LocalsVariable, Range } from './locals-table.ts'

// Values that instrumented code has left behind (`ohnoes_locals` of an exception, see src/locals.ts) come by the ids of
// functions; here they get their names, and go to the frames of these functions.

/** Of one function: its id, or that of a block in it, and the values by their order. */
type Placed = [entry: LocalsEntry, values: unknown]

/**
 * The frames, oldest first, with the variables of those that left some. Both lists tell of the same calls from the
 * innermost on, so each record belongs to the next frame that has its id: in recursion the order tells which. A frame
 * without a record (it made the error, or was not left by it) and a record without a frame stay for themselves.
 */
export function withVars(
  frames: ResolvedFrame[],
  records: unknown,
  tableOf: (frame: ResolvedFrame) => LocalsTable | undefined,
): ResolvedFrame[] {
  let rest = readRecords(records)
  if (!rest.length) return frames
  const placed = frames.toReversed().map(frame => {
    const table = tableOf(frame)
    const first = table ? rest.findIndex(([id]) => Object.hasOwn(table, id)) : -1
    if (!table || first < 0) return frame
    const own: Placed[] = []
    rest = rest.slice(first)
    for (let next = rest[0]; next; next = rest[0]) {
      const entry = Object.hasOwn(table, next[0]) ? table[next[0]] : undefined
      if (!entry) break
      own.push([entry, next[1]])
      rest = rest.slice(1)
      if (entry.within === undefined) break // blocks come first, their function last
    }
    const vars = varsOf(frame, own.toReversed())
    return Object.keys(vars).length ? { ...frame, vars: { ...vars, ...frame.vars } } : frame
  })
  return placed.toReversed()
}

function readRecords(records: unknown): [id: string, values: unknown][] {
  if (!Array.isArray(records)) return []
  return records.flatMap((record: unknown) =>
    Array.isArray(record) && typeof record[0] === 'string' ? [[record[0], record[1]]] : [],
  )
}

/** The function's own first, then those of its blocks; of several with one name the one that is meant at the position. */
function varsOf(frame: ResolvedFrame, placed: Placed[]): JsonObject {
  const vars: JsonObject = {}
  const position: [number, number] = [frame.lineno ?? 0, (frame.colno ?? 1) - 1]
  // Where the position is not in the function by the table, nothing can be said by it.
  const isUsable = placed.every(([{ range, within }]) => within !== undefined || contains(range, position))
  const candidates = placed.flatMap(([{ variables }, values]) =>
    variables
      .filter(({ range }) => !isUsable || contains(range, position))
      .map(variable => ({ variable, value: valueOf(variable, values) })),
  )
  const names = new Set(candidates.map(({ variable }) => variable.name))
  for (const name of names) {
    const own = candidates.filter(({ variable }) => variable.name === name)
    const meant = own.reduce((narrowest, one) =>
      isWithin(one.variable.range, narrowest.variable.range) ? one : narrowest,
    )
    if (meant.value !== undefined && (isUsable || own.length === 1))
      Object.defineProperty(vars, name, {
        value: meant.value,
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
  return vars
}

/** By its name where names are in the code. */
function valueOf({ name, value }: LocalsVariable, values: unknown): unknown {
  if (value === undefined) return undefined
  if (Array.isArray(values)) return values[value]
  return isObject(values) && Object.hasOwn(values, name) ? values[name] : undefined
}

const isBefore = ([line, column]: [number, number], [other, otherColumn]: [number, number]): boolean =>
  line < other || (line === other && column < otherColumn)

const contains = ([line, column, endLine, endColumn]: Range, position: [number, number]): boolean =>
  !isBefore(position, [line, column]) && isBefore(position, [endLine, endColumn])

const isWithin = ([line, column, endLine, endColumn]: Range, outer: Range): boolean =>
  !isBefore([line, column], [outer[0], outer[1]]) && !isBefore([outer[2], outer[3]], [endLine, endColumn])
