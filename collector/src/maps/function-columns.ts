/** Functions one within the other or apart, as columns: the outer before the inner. Positions are 0-based. */
export interface FunctionColumns {
  startLines: Int32Array
  startColumns: Int32Array
  endLines: Int32Array
  endColumns: Int32Array
  /** The function around each; -1 where there is none. */
  parents: Int32Array
  /** Among the names of the map; -1 for a function without a name. */
  names: Int32Array
}

export const FUNCTION_COLUMNS = [
  'startLines',
  'startColumns',
  'endLines',
  'endColumns',
  'parents',
  'names',
] as const

/** The innermost function around a position among those of a file, from the first up to the second; -1 for none. */
export function innermostAt(
  { startLines, startColumns, endLines, endColumns, parents }: FunctionColumns,
  { line, column }: { line: number; column: number },
  [from, to]: [number, number],
): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    const startLine = startLines[middle] as number // below the length
    const isBefore = startLine < line || (startLine === line && (startColumns[middle] as number) <= column)
    if (isBefore) low = middle + 1
    else high = middle
  }
  for (let at = low - 1; at >= from; at = parents[at] ?? -1) {
    const endLine = endLines[at] as number
    if (endLine > line || (endLine === line && (endColumns[at] as number) > column)) return at
  }
  return -1
}
