import { answerCalls } from '../worker-call.ts'
import type { LocalsTable } from './locals-table.ts'
import { createOriginalNames, type OriginalNames } from './original-names.ts'
import { type GeneratedFunction, openPackedMap, type PackedMap } from './packed-map.ts'

// Looks positions up in packed maps, of which the latest used stay open.

const MAX_OPEN_BYTES = 256 * 1024 * 1024
const CONTEXT_LINES = 5
const MAX_LINE_LENGTH = 280

/** A position as engines report it, 1-based. */
export interface Position {
  lineno: number
  colno: number
}

export interface Original extends Position {
  ok: true
  filename: string
  isForeign: boolean
  /** Around the position: null or '' for one without a name, undefined where that is not known. */
  function: string | null | undefined
  /** Of the function around the position, where it is instrumented. */
  locals: LocalsTable | undefined
  /** The identifier that is used at the position. */
  token: string | undefined
  /** Lines around it, long ones cut; `column` is 0-based, in the line as it is here. */
  context: { pre: string[]; line: string; post: string[]; column: number } | null
}

export type Found = Original | { ok: false; reason: 'unreadable' | 'outside' | 'generated' }

/** A map's positions; `unreadable` for all of them where the file is of another version or gone. */
export type LookUp = (path: string, positions: Position[]) => Found[]

answerCalls(() => {
  const open = new Map<string, PackedMap>()
  let openBytes = 0
  const names = createOriginalNames()

  const mapAt = (path: string): PackedMap | null => {
    const known = open.get(path) ?? openOrNull(path)
    if (!known) return null
    if (!open.delete(path)) openBytes += known.bytes
    open.set(path, known) // the latest used is the last
    for (const [oldest, map] of open) {
      if (openBytes <= MAX_OPEN_BYTES || oldest === path) break
      forget(oldest, map)
    }
    return known
  }
  const forget = (path: string, map: PackedMap): void => {
    open.delete(path)
    openBytes -= map.bytes
    map.close()
  }

  const lookUp: LookUp = (path, positions) => {
    const map = mapAt(path)
    return positions.map(position => (map ? find(map, position, names) : { ok: false, reason: 'unreadable' }))
  }
  return {
    lookUp,
    close() {
      for (const [path, map] of open) forget(path, map)
    },
  }
})

function openOrNull(path: string): PackedMap | null {
  try {
    return openPackedMap(path)
  } catch {
    return null // not there, or cut short: the symbolicator makes it anew
  }
}

function find(map: PackedMap, { lineno, colno }: Position, names: OriginalNames): Found {
  const around = map.functionAt(lineno - 1, colno - 1)
  const segment = map.segmentAt(lineno - 1, colno - 1)
  if (segment < 0) return { ok: false, reason: 'outside' }
  const called = [1, 2, 3].map(back => map.functionAt(lineno - 1, colno - back)).find(one => one?.isAtEnd)
  const original = map.originalAt(called ? segmentOfCall(map, segment, called) : segment)
  const file = original && map.fileAt(original.file)
  if (!file) return { ok: false, reason: 'generated' }
  const content = map.contentOf(original.file)
  const said = content === null ? undefined : names(content, file.path, original)
  // No function at all around it is code of the module itself, which has no name either.
  const generatedName = map.hasFunctions ? (around?.name ?? null) : undefined
  return {
    ok: true,
    filename: file.path,
    isForeign: file.isForeign,
    lineno: original.line + 1,
    colno: original.column + 1,
    // What the source says at the place that is shown is right even where a minifier has put one function into another.
    // The map's own scopes may say less: those of SWC (1.16, 2026-11) have names that its minifier has made.
    function: said || (map.originalNameAt(original) ?? said ?? generatedName),
    locals: around?.locals === undefined ? undefined : (JSON.parse(around.locals) as LocalsTable), // what packFunctions wrote
    token: original.name,
    context: contextOf(content, original),
  }
}

/**
 * Minifiers put a function that is called once into its caller, as `function(){…}()`, and engines report that call at
 * its closing brace, or one or two after it. SWC (2.2, 2026-11) has mapped the brace to that of the source, and the call to the function's start.
 */
function segmentOfCall(map: PackedMap, segment: number, around: GeneratedFunction): number {
  const brace = map.originalAt(segment)
  const line = brace && linesOf(map.contentOf(brace.file))?.[brace.line]
  return line?.[brace?.column ?? 0] === '}' ? map.segmentAt(around.startLine, around.startColumn) : segment
}

const linesOf = (content: string | null): string[] | undefined => content?.split(/\r\n|[\n\r\u2028\u2029]/)

function contextOf(
  content: string | null,
  { line, column }: { line: number; column: number },
): Original['context'] {
  const lines = linesOf(content)
  const current = lines?.[line]
  if (!lines || current === undefined) return null
  return {
    pre: lines.slice(Math.max(0, line - CONTEXT_LINES), line).map(text => cutAround(text, column)),
    line: cutAround(current, column),
    column: current.length > MAX_LINE_LENGTH ? column - windowStart(current, column) + 1 : column,
    post: lines.slice(line + 1, line + 1 + CONTEXT_LINES).map(text => cutAround(text, column)),
  }
}

/** A long line as a window around the column. */
function cutAround(text: string, column: number): string {
  if (text.length <= MAX_LINE_LENGTH) return text
  const start = windowStart(text, column)
  const end = start + MAX_LINE_LENGTH
  return `${start > 0 ? '…' : ' '}${text.slice(start, end)}${end < text.length ? '…' : ''}`.toWellFormed()
}

const windowStart = (text: string, column: number): number =>
  Math.max(0, Math.min(column - MAX_LINE_LENGTH / 2, text.length - MAX_LINE_LENGTH))
