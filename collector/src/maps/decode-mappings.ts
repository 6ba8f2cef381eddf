import { MapRefused, VlqReader } from './vlq.ts'

// The `mappings` of a source map into flat arrays: one number a field and segment, no object a segment, so that a map
// of a million segments takes 20 MB and not 150. Maps come from outside: every number is checked where it is read.

const MAX_SEGMENTS = 8_000_000
const MAX_LINES = 4_000_000
const COMMA = 44
const SEMICOLON = 59

/** One entry a segment, in the order of the generated file; sources, lines and names are -1 where it has none. */
export interface Segments {
  /** Where each generated line starts among the segments; one more at the end. */
  lineStarts: Int32Array
  columns: Int32Array
  sources: Int32Array
  originalLines: Int32Array
  originalColumns: Int32Array
  names: Int32Array
}

/** A map or a section of one, and where it begins: in the generated file, and among all sources and names. */
export interface MappingsPart {
  mappings: string
  line: number
  column: number
  sources: { first: number; count: number }
  names: { first: number; count: number }
}

/** Decodes the parts, which follow one another in the generated file. */
export function decodeMappings(parts: MappingsPart[]): Segments {
  const counts = parts.map(({ mappings }) => countOf(mappings))
  const segmentCount = counts.reduce((sum, { segments }) => sum + segments, 0)
  const lineCount = Math.max(0, ...parts.map(({ line }, at) => line + (counts[at]?.lines ?? 0)))
  if (segmentCount > MAX_SEGMENTS) throw new MapRefused(`it has more than ${MAX_SEGMENTS} segments`)
  if (lineCount > MAX_LINES) throw new MapRefused(`it has more than ${MAX_LINES} lines`)
  const column = (): Int32Array => new Int32Array(segmentCount)
  const segments: Segments = {
    lineStarts: new Int32Array(lineCount + 1),
    columns: column(),
    sources: column(),
    originalLines: column(),
    originalColumns: column(),
    names: column(),
  }
  const decoder = new Decoder(segments)
  for (const part of parts) decoder.add(part)
  decoder.end()
  return segments
}

function countOf(mappings: string): { segments: number; lines: number } {
  let segments = 0
  let lines = 1
  let isInside = false
  for (let at = 0; at < mappings.length; at++) {
    const code = mappings.charCodeAt(at)
    if (code === SEMICOLON) lines++
    if (code === SEMICOLON || code === COMMA) isInside = false
    else if (!isInside) {
      isInside = true
      segments++
    }
  }
  return { segments, lines }
}

/** Appends to the segments; the lines only ever go up. */
class Decoder {
  readonly #into: Segments
  /** How many segments and line starts are there. */
  #count = 0
  #lines = 0

  constructor(into: Segments) {
    this.#into = into
  }

  add({ mappings, line, column, sources, names }: MappingsPart): void {
    if (line < this.#lines - 1) throw new MapRefused('its sections overlap')
    const reader = new VlqReader(mappings, 'mappings')
    this.#startLine(line)
    let generatedColumn = column
    let [source, originalLine, originalColumn, name] = [0, 0, 0, 0]
    while (reader.at < mappings.length) {
      const code = mappings.charCodeAt(reader.at)
      if (code === COMMA || code === SEMICOLON) {
        reader.at++
        if (code === COMMA) continue
        this.#startLine(this.#lines)
        generatedColumn = 0
        continue
      }
      const segment = this.#count++
      generatedColumn = this.#set('columns', segment, generatedColumn + reader.signed(), 2 ** 31 - 1)
      if (reader.isAtEnd()) {
        this.#leaveEmpty(segment)
        continue
      }
      source = this.#index('sources', segment, source + reader.signed(), sources)
      originalLine = this.#set('originalLines', segment, originalLine + reader.signed(), 2 ** 31 - 1)
      originalColumn = this.#set('originalColumns', segment, originalColumn + reader.signed(), 2 ** 31 - 1)
      if (reader.isAtEnd()) this.#into.names[segment] = -1
      else name = this.#index('names', segment, name + reader.signed(), names)
      if (!reader.isAtEnd()) throw new MapRefused('a segment of its mappings has more than five fields')
    }
  }

  end(): void {
    const { lineStarts } = this.#into
    lineStarts.fill(this.#count, this.#lines)
    this.#sortLines()
  }

  #startLine(line: number): void {
    const { lineStarts } = this.#into
    while (this.#lines <= line) lineStarts[this.#lines++] = this.#count
  }

  #leaveEmpty(segment: number): void {
    const { sources, originalLines, originalColumns, names } = this.#into
    for (const column of [sources, originalLines, originalColumns, names]) column[segment] = -1
  }

  #set(field: keyof Segments, segment: number, value: number, max: number): number {
    if (value < 0 || value > max) throw new MapRefused(`its mappings lead to ${field} ${value}`)
    this.#into[field][segment] = value
    return value
  }

  #index(
    field: 'sources' | 'names',
    segment: number,
    value: number,
    of: { first: number; count: number },
  ): number {
    if (value < 0 || value >= of.count)
      throw new MapRefused(`its mappings refer to number ${value} of ${of.count} ${field}`)
    this.#into[field][segment] = of.first + value
    return value
  }

  // Generators may step back within a line; what is looked up must be in order.
  #sortLines(): void {
    const { lineStarts, columns } = this.#into
    for (let line = 0; line + 1 < lineStarts.length; line++) {
      const [from = 0, to = 0] = [lineStarts[line], lineStarts[line + 1]]
      let at = from + 1
      while (at < to && (columns[at - 1] ?? 0) <= (columns[at] ?? 0)) at++
      if (at < to) this.#sortRange(from, to)
    }
  }

  #sortRange(from: number, to: number): void {
    const { lineStarts: _, ...fields } = this.#into
    const { columns } = this.#into
    const order = Array.from({ length: to - from }, (_, at) => from + at)
    order.sort((a, b) => (columns[a] ?? 0) - (columns[b] ?? 0) || a - b)
    for (const field of Object.values(fields)) {
      const sorted = order.map(at => field[at] ?? -1)
      field.set(sorted, from)
    }
  }
}
