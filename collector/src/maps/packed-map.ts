import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import type { Segments } from './decode-mappings.ts'
import type { OriginalFunctions } from './decode-scopes.ts'
import { FUNCTION_COLUMNS, type FunctionColumns, innermostAt } from './function-columns.ts'

// A source map as it lies on the disk, so that opening it is one read and nothing is parsed: a prefix, a JSON header
// (files, counts), the numbers, the texts, then the sources, which are read from the disk where they are needed.
// It is a cache of what the store has: a file of another version is made anew.

const MAGIC = 'ohnmap 3'
const PREFIX_BYTES = 16
/** Names are kept as bytes; those used last as texts, too. */
const MAX_DECODED_NAMES = 50_000

/** A file of the original source. */
export interface OriginalFile {
  path: string
  /** Of a library: the map says so, or where it lies. */
  isForeign: boolean
  content: string | null
}

/** The functions of the generated file. */
export interface PackedFunctions extends FunctionColumns {
  /** Among the names, too: JSON of the variables of functions that are instrumented; -1 for all others. */
  locals: Int32Array
}

export interface MapParts {
  segments: Segments
  /** null where the generated file was not there, or could not be parsed. */
  functions: PackedFunctions | null
  /** The functions of the sources, as far as the map says so itself. */
  originals: OriginalFunctions
  names: string[]
  files: OriginalFile[]
}

interface Header {
  segments: number
  lines: number
  functions: number
  originals: number
  hasFunctions: boolean
  names: number
  files: { path: string; isForeign: boolean; at: number; bytes: number }[]
}

export interface OriginalPosition {
  /** Among the files. */
  file: number
  /** 0-based. */
  line: number
  column: number
  /** The identifier that is used there, where the map has it. */
  name: string | undefined
}

export interface GeneratedFunction {
  /** null for none of its own. */
  name: string | null
  /** Its table of local variables, as JSON. */
  locals: string | undefined
  /** Whether the position is its last character. */
  isAtEnd: boolean
  /** 0-based. */
  startLine: number
  startColumn: number
}

const SEGMENT_FIELDS = ['columns', 'sources', 'originalLines', 'originalColumns', 'names'] as const

export function writePackedMap(
  path: string,
  { segments, functions, originals, names, files }: MapParts,
): void {
  const contents = files.map(({ content }) => (content === null ? null : Buffer.from(content)))
  const texts = Buffer.from(names.join(''))
  let at = 0
  const header: Header = {
    segments: segments.columns.length,
    lines: segments.lineStarts.length - 1,
    functions: functions?.names.length ?? 0,
    originals: originals.names.length,
    hasFunctions: functions !== null,
    names: names.length,
    files: files.map(({ path, isForeign }, index) => {
      const bytes = contents[index]?.byteLength ?? -1
      const file = { path, isForeign, at, bytes }
      at += Math.max(0, bytes)
      return file
    }),
  }
  let nameAt = 0
  const nameEnds = Int32Array.from(names, name => (nameAt += Buffer.byteLength(name)))
  const head = Buffer.from(JSON.stringify(header))
  // The numbers are read in place, so they start at a multiple of four.
  const padded = Buffer.concat([head, Buffer.alloc(-head.byteLength & 3, ' ')])
  const numbers = [
    segments.lineStarts,
    ...SEGMENT_FIELDS.map(field => segments[field]),
    ...(functions ? [...FUNCTION_COLUMNS.map(field => functions[field]), functions.locals] : []),
    originals.fileStarts,
    ...FUNCTION_COLUMNS.map(field => originals[field]),
    nameEnds,
  ]
  const resident = [
    padded,
    ...numbers.map(list => Buffer.from(list.buffer, list.byteOffset, list.byteLength)),
    texts,
  ]
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.write(MAGIC, 'latin1')
  prefix.writeUInt32LE(padded.byteLength, 8)
  prefix.writeUInt32LE(
    resident.reduce((sum, { byteLength }) => sum + byteLength, 0),
    12,
  )
  const fd = openSync(path, 'w')
  try {
    for (const bytes of [prefix, ...resident, ...contents]) if (bytes) writeFileSync(fd, bytes)
  } finally {
    closeSync(fd)
  }
}

/** Opens a packed map; null where the file is of another version. Throws where there is none. */
export function openPackedMap(path: string): PackedMap | null {
  const fd = openSync(path, 'r')
  const prefix = Buffer.alloc(PREFIX_BYTES)
  readSync(fd, prefix, 0, PREFIX_BYTES, 0)
  if (prefix.toString('latin1', 0, 8) !== MAGIC) {
    closeSync(fd)
    return null
  }
  const resident = Buffer.allocUnsafeSlow(prefix.readUInt32LE(12)) // all of it is read
  readSync(fd, resident, 0, resident.byteLength, PREFIX_BYTES)
  return new PackedMap(fd, resident, prefix.readUInt32LE(8))
}

export class PackedMap {
  /** What it holds in memory. */
  readonly bytes: number
  readonly hasFunctions: boolean
  readonly #fd: number
  readonly #files: Header['files']
  readonly #lineStarts: Int32Array
  readonly #segments: Record<(typeof SEGMENT_FIELDS)[number], Int32Array>
  readonly #functions: PackedFunctions
  readonly #originals: OriginalFunctions
  readonly #nameEnds: Int32Array
  readonly #names: Buffer
  readonly #decodedNames = new Map<number, string>()

  constructor(fd: number, resident: Buffer, headerBytes: number) {
    const header = JSON.parse(resident.toString('utf8', 0, headerBytes)) as Header // what writePackedMap wrote
    let at = resident.byteOffset + headerBytes
    const take = (length: number): Int32Array => {
      const list = new Int32Array(resident.buffer, at, length)
      at += list.byteLength
      return list
    }
    this.bytes = resident.byteLength
    this.hasFunctions = header.hasFunctions
    this.#fd = fd
    this.#files = header.files
    this.#lineStarts = take(header.lines + 1)
    this.#segments = {
      columns: take(header.segments),
      sources: take(header.segments),
      originalLines: take(header.segments),
      originalColumns: take(header.segments),
      names: take(header.segments),
    }
    const takeFunctions = (length: number): FunctionColumns => ({
      startLines: take(length),
      startColumns: take(length),
      endLines: take(length),
      endColumns: take(length),
      parents: take(length),
      names: take(length),
    })
    this.#functions = { ...takeFunctions(header.functions), locals: take(header.functions) }
    this.#originals = { fileStarts: take(header.files.length + 1), ...takeFunctions(header.originals) }
    this.#nameEnds = take(header.names)
    this.#names = resident.subarray(at - resident.byteOffset)
  }

  close(): void {
    closeSync(this.#fd)
  }

  /** The segment that a 0-based position of the generated file is in; -1 where there is none. */
  segmentAt(line: number, column: number): number {
    const starts = this.#lineStarts
    if (line < 0 || line + 1 >= starts.length) return -1
    const columns = this.#segments.columns
    const from = starts[line] as number // both lines are there
    const to = starts[line + 1] as number
    const at = lastAtOrBefore(columns, column, from, to)
    // Of several segments at one column the first is the outermost: that is what an engine means.
    let first = at
    while (first > from && columns[first - 1] === columns[at]) first--
    return at < from ? -1 : first
  }

  /** What a segment leads to; undefined where that is no source. */
  originalAt(segment: number): OriginalPosition | undefined {
    const { sources, originalLines, originalColumns, names } = this.#segments
    const file = sources[segment] ?? -1
    if (file < 0) return undefined
    return {
      file,
      line: originalLines[segment] ?? 0,
      column: originalColumns[segment] ?? 0,
      name: this.#nameOf(names[segment] ?? -1),
    }
  }

  /** The innermost function around a 0-based position of the generated file. */
  functionAt(line: number, column: number): GeneratedFunction | undefined {
    const { startLines, startColumns, endLines, endColumns, names, locals } = this.#functions
    const at = innermostAt(this.#functions, { line, column }, [0, names.length])
    if (at < 0) return undefined
    return {
      name: this.#nameOf(names[at] ?? -1) ?? null,
      locals: this.#nameOf(locals[at] ?? -1),
      isAtEnd: endLines[at] === line && endColumns[at] === column + 1,
      startLine: startLines[at] as number, // `at` is below the length
      startColumn: startColumns[at] as number,
    }
  }

  /** What the map itself calls the innermost function around a position of a source. */
  originalNameAt({
    file,
    line,
    column,
  }: Pick<OriginalPosition, 'file' | 'line' | 'column'>): string | undefined {
    const { fileStarts, names } = this.#originals
    const at = innermostAt(this.#originals, { line, column }, [
      fileStarts[file] ?? 0,
      fileStarts[file + 1] ?? 0,
    ])
    return this.#nameOf(names[at] ?? -1)
  }

  fileAt(file: number): Pick<OriginalFile, 'path' | 'isForeign'> | undefined {
    return this.#files[file]
  }

  /** The source of a file, from the disk; null where the map came without. */
  contentOf(file: number): string | null {
    const { at = 0, bytes = -1 } = this.#files[file] ?? {}
    if (bytes < 0) return null
    const content = Buffer.alloc(bytes)
    readSync(this.#fd, content, 0, bytes, PREFIX_BYTES + this.bytes + at)
    return content.toString('utf8')
  }

  #nameOf(index: number): string | undefined {
    if (index < 0) return undefined
    const known = this.#decodedNames.get(index)
    if (known !== undefined) return known
    const start = index ? this.#nameEnds[index - 1] : 0
    const name = this.#names.toString('utf8', start, this.#nameEnds[index])
    if (this.#decodedNames.size >= MAX_DECODED_NAMES) this.#decodedNames.clear()
    this.#decodedNames.set(index, name)
    return name
  }
}

/** Where the last number of a sorted range is that is at most `wanted`; `from - 1` where all are larger. */
function lastAtOrBefore(sorted: Int32Array, wanted: number, from: number, to: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}
