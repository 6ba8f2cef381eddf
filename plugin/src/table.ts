import { createHash } from 'node:crypto'
import type { Node } from 'estree'
import { lastAtMost, lineStartsOf } from './mappings.ts'
import type { Catch } from './scope.ts'

/** From the first position up to the second: lines from 1, columns from 0, in UTF-16 units. */
export type Range = [line: number, column: number, endLine: number, endColumn: number]

export interface TableVariable {
  name: string
  /** Where its name means it and it has a value. Of several with one name at a position the narrowest counts. */
  range: Range
  /** Its place among the values; without one it was left alone. */
  value?: number
}

/** What an id in the code stands for. */
export interface TableEntry {
  /** The function's name, as far as it has one. */
  function: string
  range: Range
  variables: TableVariable[]
  /** For a block: the id of its function, whose record follows. */
  within?: string
}

export type Table = Record<string, TableEntry>

const HASH_LENGTH = 8
const OTHER_LINE_END = /[\r\u2028\u2029]/
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g

/** Of a module's path, 48 bits as 8 characters of base64url; with a counter from 0 on behind it, the ids of its functions. */
export const hashOfModule = (filename: string): string =>
  createHash('sha256').update(filename).digest('base64url').slice(0, HASH_LENGTH)

/** Gives ids. */
export function createTable(code: string, filename: string) {
  const module = hashOfModule(filename)
  const table: Table = {}
  const lineStarts = allLineStartsOf(code)
  let counter = 0

  function add(name: string, node: Node, { locals }: Catch, within?: string): string {
    const id = `${module}${counter++}`
    const values = valuesOf(locals)
    const variables = locals.map(local => {
      const variable: TableVariable = { name: local.name, range: rangeOf(local) }
      if (local.isSeen) variable.value = values.indexOf(local.name)
      return variable
    })
    table[id] = { function: name, range: rangeOf(node), variables, ...(within && { within }) }
    return id
  }
  function rangeOf({ start, end }: { start: number; end: number }): Range {
    const [line, endLine] = [lastAtMost(lineStarts, start), lastAtMost(lineStarts, end)]
    return [line + 1, start - lineStarts[line]!, endLine + 1, end - lineStarts[endLine]!]
  }
  return { table, add }
}

/** The names whose values are taken, in their order: variables of blocks next to each other may share one. */
export function valuesOf(locals: Catch['locals']): string[] {
  const names = new Set<string>()
  for (const { name, isSeen } of locals) if (isSeen) names.add(name)
  return [...names]
}

/** Where lines begin by the language: what positions of functions are counted by. */
function allLineStartsOf(code: string): number[] {
  if (!OTHER_LINE_END.test(code)) return lineStartsOf(code)
  return [0, ...Array.from(code.matchAll(LINE_END), ({ index, 0: end }) => index + end.length)]
}
