import type { FunctionColumns } from './function-columns.ts'
import { MapRefused, VlqReader } from './vlq.ts'

// Which functions the sources have by the `scopes` of a map (https://tc39.es/ecma426/branch/proposal-scopes/, stage 3):
// names and positions. Variables are not read; nor are the ranges of the generated file, as a mapping leads into the
// innermost function by itself, also into one that was inlined. npm has no decoder of this format (November 2026).

const MAX_FUNCTIONS = 1_000_000
const TAG_EMPTY = 0
const TAG_START = 1
const TAG_END = 2
const HAS_NAME = 1
const IS_FUNCTION = 4

export interface OriginalFunctions extends FunctionColumns {
  /** Where those of each source begin; one more at the end. */
  fileStarts: Int32Array
}

/** Of a map or a section of one, with its place among all sources and names. */
export interface ScopesPart {
  scopes: unknown
  sources: { first: number; count: number }
  names: { first: number; count: number }
}

/** Of what is too much or does not hold together nothing is left: positions can be resolved without it. */
export function decodeScopes(parts: ScopesPart[]): OriginalFunctions {
  try {
    const decoder = new Decoder()
    for (const part of parts) decoder.add(part)
    return decoder.columns()
  } catch (error) {
    if (error instanceof MapRefused) return decodeScopes(parts.map(part => ({ ...part, scopes: null })))
    throw error
  }
}

class Decoder {
  readonly #fileStarts: number[] = []
  readonly #startLines: number[] = []
  readonly #startColumns: number[] = []
  readonly #endLines: number[] = []
  readonly #endColumns: number[] = []
  readonly #parents: number[] = []
  readonly #names: number[] = []
  /** The scopes around: `own` is -1 for one that is no function, as a module or a block. */
  #around: { own: number; innermost: number }[] = []
  #line = 0
  #column = 0
  #name = 0

  add({ scopes, sources, names }: ScopesPart): void {
    const end = sources.first + sources.count
    let file = sources.first
    this.#startFile(file)
    // A text for each source; until June 2026 one text, with a tree for each source.
    if (Array.isArray(scopes))
      for (const text of scopes.slice(0, sources.count)) {
        if (typeof text === 'string') this.#addText(text, names)
        this.#startFile(++file)
      }
    else if (typeof scopes === 'string')
      this.#addText(scopes, names, () => {
        if (file < end) this.#startFile(++file)
        this.#line = this.#column = 0
      })
    this.#startFile(end)
  }

  columns(): OriginalFunctions {
    return {
      fileStarts: Int32Array.from(this.#fileStarts),
      startLines: Int32Array.from(this.#startLines),
      startColumns: Int32Array.from(this.#startColumns),
      endLines: Int32Array.from(this.#endLines),
      endColumns: Int32Array.from(this.#endColumns),
      parents: Int32Array.from(this.#parents),
      names: Int32Array.from(this.#names),
    }
  }

  #startFile(file: number): void {
    while (this.#fileStarts.length <= file) this.#fileStarts.push(this.#names.length)
  }

  #addText(text: string, names: ScopesPart['names'], onTreeEnd?: () => void): void {
    const reader = new VlqReader(text, 'scopes')
    this.#around = []
    this.#line = this.#column = this.#name = 0
    for (; reader.at < text.length; reader.skipItem()) {
      const tag = reader.isAtEnd() ? TAG_EMPTY : reader.unsigned()
      if (tag === TAG_START) this.#start(reader, names)
      if (tag === TAG_END) this.#end(reader)
      if (tag <= TAG_END && !this.#around.length) onTreeEnd?.()
    }
  }

  #start(reader: VlqReader, names: ScopesPart['names']): void {
    const flags = reader.unsigned()
    this.#move(reader)
    if (flags & HAS_NAME) this.#name += reader.signed()
    const parent = this.#around.at(-1)?.innermost ?? -1
    if (!(flags & IS_FUNCTION)) return void this.#around.push({ own: -1, innermost: parent })
    const own = this.#names.length
    if (own >= MAX_FUNCTIONS) throw new MapRefused(`its scopes have more than ${MAX_FUNCTIONS} functions`)
    if (flags & HAS_NAME && !(this.#name >= 0 && this.#name < names.count))
      throw new MapRefused(`its scopes refer to number ${this.#name} of ${names.count} names`)
    this.#around.push({ own, innermost: own })
    this.#startLines.push(this.#line)
    this.#startColumns.push(this.#column)
    this.#endLines.push(this.#line)
    this.#endColumns.push(this.#column)
    this.#parents.push(parent)
    this.#names.push(flags & HAS_NAME ? names.first + this.#name : -1)
  }

  #end(reader: VlqReader): void {
    this.#move(reader)
    const ended = this.#around.pop()
    if (!ended) throw new MapRefused('a scope of it ends that has not begun')
    if (ended.own < 0) return
    this.#endLines[ended.own] = this.#line
    this.#endColumns[ended.own] = this.#column
  }

  #move(reader: VlqReader): void {
    const lines = reader.unsigned()
    this.#line += lines
    this.#column = reader.unsigned() + (lines ? 0 : this.#column)
    if (this.#line >= 2 ** 31 || this.#column >= 2 ** 31) throw new MapRefused('its scopes lead nowhere')
  }
}
