import {
  eachMapping,
  GREATEST_LOWER_BOUND,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
  type SourceMapInput,
} from '@jridgewell/trace-mapping'
import type { Range, Table } from './table.ts'

interface Renamed {
  line: number
  column: number
  from: string
  to: string
}

// Of code that the map knows nothing of: the collector does not go by positions then.
const NOWHERE: Range = [0, 0, 0, 0]

/** The table with the positions and the names of the source that the code was compiled from, by the map of that. */
export function relocate(table: Table, code: string, map: SourceMapInput): Table {
  const traced = new TraceMap(map)
  const renamed = renamedIn(code, traced)
  const relocated: Table = {}
  for (const [id, entry] of Object.entries(table)) {
    const range = rangeIn(traced, entry.range) ?? NOWHERE
    const own = renamed.filter(({ line, column }) => contains(entry.range, line, column))
    const variables = entry.variables.map(variable => ({
      ...variable,
      name: own.find(({ from }) => from === variable.name)?.to ?? variable.name,
      range: rangeIn(traced, variable.range) ?? range,
    }))
    relocated[id] = { ...entry, range, variables }
  }
  return relocated
}

/** Compilers give names of their own to what hides another of its name: esbuild writes `name2`. */
function renamedIn(code: string, traced: TraceMap): Renamed[] {
  const lines = code.split('\n')
  const renamed: Renamed[] = []
  eachMapping(traced, ({ generatedLine: line, generatedColumn: column, name: to }) => {
    if (to === null) return
    const from = /^[\p{ID_Continue}$]+/u.exec(lines[line - 1]?.slice(column) ?? '')?.[0]
    if (from !== undefined && from !== to) renamed.push({ line, column, from, to })
  })
  return renamed
}

function rangeIn(traced: TraceMap, [line, column, endLine, endColumn]: Range): Range | undefined {
  // Maps know where tokens begin: the first that is in it, and the last.
  const start =
    positionOf(traced, { line, column, bias: LEAST_UPPER_BOUND }) ??
    positionOf(traced, { line, column, bias: GREATEST_LOWER_BOUND })
  const last = positionOf(traced, {
    line: endLine,
    column: Math.max(0, endColumn - 1),
    bias: GREATEST_LOWER_BOUND,
  })
  return start && last && [...start, last[0], last[1] + 1]
}

function positionOf(
  traced: TraceMap,
  needle: { line: number; column: number; bias: -1 | 1 },
): [line: number, column: number] | undefined {
  const found = originalPositionFor(traced, needle)
  return found.line === null ? undefined : [found.line, found.column]
}

function contains([line, column, endLine, endColumn]: Range, atLine: number, atColumn: number): boolean {
  const isAfterStart = atLine > line || (atLine === line && atColumn >= column)
  return isAfterStart && (atLine < endLine || (atLine === endLine && atColumn < endColumn))
}
