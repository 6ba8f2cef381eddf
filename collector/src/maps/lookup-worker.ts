import { answerCalls } from '../worker-call.ts'
import type { LocalsTable } from './locals-table.ts'
import { openPackedMap, type PackedMap } from './packed-map.ts'

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
  /** Around the position: null for one without a name, undefined where that is not known. */
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
    return positions.map(position => (map ? find(map, position) : { ok: false, reason: 'unreadable' }))
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

function find(map: PackedMap, { lineno, colno }: Position): Found {
  const segment = map.segmentAt(lineno - 1, colno - 1)
  if (segment < 0) return { ok: false, reason: 'outside' }
  const original = map.originalAt(segment)
  const file = original && map.fileAt(original.file)
  if (!file) return { ok: false, reason: 'generated' }
  const around = map.functionAt(lineno - 1, colno - 1)
  return {
    ok: true,
    filename: file.path,
    isForeign: file.isForeign,
    lineno: original.line + 1,
    colno: original.column + 1,
    // No function at all around it is code of the module itself, which has no name either.
    function: map.hasFunctions ? (around?.name ?? null) : undefined,
    locals: around?.locals === undefined ? undefined : (JSON.parse(around.locals) as LocalsTable), // what packFunctions wrote
    token: original.name,
    context: contextOf(map.contentOf(original.file), original),
  }
}

function contextOf(
  content: string | null,
  { line, column }: { line: number; column: number },
): Original['context'] {
  const lines = content?.split(/\r\n|[\n\r\u2028\u2029]/)
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
