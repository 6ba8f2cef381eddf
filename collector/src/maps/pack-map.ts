import { basename } from 'node:path'
import { decodeMappings, type MappingsPart, type Segments } from './decode-mappings.ts'
import { decodeScopes, type ScopesPart } from './decode-scopes.ts'
import { functionScopes, type FunctionScope } from './function-scopes.ts'
import { isObject, type JsonObject } from '../json.ts'
import { type LocalsTable, readLocalsTable, tablesByFunction } from './locals-table.ts'
import { type MapParts, type OriginalFile, type PackedFunctions } from './packed-map.ts'
import { MapRefused } from './vlq.ts'

// From the map's JSON, and the generated file where it is there, to what packed-map.ts writes. A map is a stranger's:
// what is too much, or does not hold together, is refused with the reason.

const MAX_FILES = 200_000
const MAX_NAMES = 2_000_000
const MAX_SECTIONS = 10_000
const MAX_PATH_LENGTH = 1000
const MAX_NAME_LENGTH = 500

/** Reads a map; throws MapRefused. */
export function partsOf(map: string, code: string | null): MapParts {
  const json = parsed(map)
  const sections = sectionsOf(json)
  const files: OriginalFile[] = []
  const names: string[] = []
  const parts: (MappingsPart & ScopesPart)[] = sections.map(({ line, column, map: section }) => {
    const mappings = section.mappings
    if (typeof mappings !== 'string') throw new MapRefused('it has no mappings')
    const ownFiles = filesOf(section)
    const ownNames = listOf(section.names, 'names', MAX_NAMES).map(name =>
      String(name).slice(0, MAX_NAME_LENGTH),
    )
    const part = {
      ...{ mappings, line, column, scopes: section.scopes },
      sources: { first: files.length, count: ownFiles.length },
      names: { first: names.length, count: ownNames.length },
    }
    for (const file of ownFiles) files.push(file)
    for (const name of ownNames) names.push(name)
    return part
  })
  if (files.length > MAX_FILES) throw new MapRefused(`it has more than ${MAX_FILES} sources`)
  if (names.length > MAX_NAMES) throw new MapRefused(`it has more than ${MAX_NAMES} names`)
  const segments = decodeMappings(parts)
  const scopes = code === null ? null : functionScopes(code)
  const functions =
    scopes && code !== null
      ? packFunctions(scopes, { code, segments, files, names, table: readLocalsTable(json) })
      : null
  return { segments, functions, originals: decodeScopes(parts), names, files }
}

function parsed(text: string): JsonObject {
  let map: unknown
  try {
    // Some servers put this in front, against being loaded as a script.
    map = JSON.parse(text.replace(/^\)\]\}'?[^\n]*\n/, ''))
  } catch {
    throw new MapRefused('it is not JSON')
  }
  if (!isObject(map)) throw new MapRefused('it is not a JSON object')
  if (map.version !== 3) throw new MapRefused('its version is not 3')
  return map
}

interface Section {
  line: number
  column: number
  map: JsonObject
}

/** The map itself, or the maps that an index map consists of. */
function sectionsOf(map: JsonObject): Section[] {
  if (map.sections === undefined) return [{ line: 0, column: 0, map }]
  return listOf(map.sections, 'sections', MAX_SECTIONS).map(section => {
    const { offset, map: inner, url } = isObject(section) ? section : {}
    const { line, column } = isObject(offset) ? offset : {}
    if (url !== undefined)
      throw new MapRefused('a section of it is at another address, which is never fetched')
    if (!isObject(inner) || inner.sections !== undefined)
      throw new MapRefused('a section of it is not a map, or has sections itself')
    if (!isOffset(line) || !isOffset(column)) throw new MapRefused('a section of it has no offset')
    return { line, column, map: inner }
  })
}

const isOffset = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31

function listOf(value: unknown, what: string, max: number): unknown[] {
  const list = value ?? []
  if (!Array.isArray(list)) throw new MapRefused(`its ${what} are not a list`)
  if (list.length > max) throw new MapRefused(`it has more than ${max} ${what}`)
  return list
}

function filesOf(map: JsonObject): OriginalFile[] {
  const contents = listOf(map.sourcesContent, 'sourcesContent', MAX_FILES)
  const ignored = new Set(listOf(map.ignoreList ?? map.x_google_ignoreList, 'ignoreList', MAX_FILES))
  const root = typeof map.sourceRoot === 'string' ? map.sourceRoot : ''
  return listOf(map.sources, 'sources', MAX_FILES).map((source, index) => {
    const path = sourcePath(typeof source === 'string' ? source : '', root)
    const content = contents[index]
    return {
      path,
      isForeign: ignored.has(index) || /(?:^|\/)node_modules\//.test(path),
      content: typeof content === 'string' ? content : null,
    }
  })
}

/** `webpack://shop/./src/a.ts`, `../../src/a.ts` and `/src/a.ts?1234` are all `src/a.ts`; an address stays one. */
export function sourcePath(source: string, root = ''): string {
  const joined =
    root && !/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(source) ? `${root.replace(/\/$/, '')}/${source}` : source
  const path = joined.slice(0, MAX_PATH_LENGTH).replaceAll('\\', '/')
  if (/^https?:/i.test(path)) return path
  const segments: string[] = []
  for (const segment of path
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, '')
    .replace(/\?[\w=&-]*$/, '')
    .split('/')) {
    if (segment === '..') segments.pop()
    else if (segment && segment !== '.') segments.push(segment)
  }
  return segments.join('/') || basename(source) || '(unknown)'
}

interface Naming {
  code: string
  segments: Segments
  files: OriginalFile[]
  names: string[]
  table: LocalsTable
}

/** The scopes with the names they have in the source, which are added to the map's. */
function packFunctions(scopes: FunctionScope[], naming: Naming): PackedFunctions {
  const positionOf = positionsOf(naming.code)
  const originals = originalNames(naming, positionOf)
  const column = (): Int32Array => new Int32Array(scopes.length)
  const packed: PackedFunctions = {
    startLines: column(),
    startColumns: column(),
    endLines: column(),
    endColumns: column(),
    parents: column(),
    names: column(),
    locals: column().fill(-1),
  }
  const known = new Map<string, number>()
  const around: number[] = []
  for (const [index, scope] of scopes.entries()) {
    while (around.length && (scopes[around.at(-1) ?? 0]?.end ?? 0) <= scope.start) around.pop()
    packed.parents[index] = around.at(-1) ?? -1
    around.push(index)
    const start = positionOf(scope.start)
    const end = positionOf(scope.end)
    packed.startLines[index] = start.line
    packed.startColumns[index] = start.column
    packed.endLines[index] = end.line
    packed.endColumns[index] = end.column
    packed.names[index] = indexOf(functionName(scope, originals))
  }
  for (const [index, own] of tablesByFunction(scopes, naming.code, naming.table))
    packed.locals[index] = naming.names.push(JSON.stringify(own)) - 1
  return packed

  function indexOf(name: string | undefined): number {
    if (name === undefined) return -1
    const index = known.get(name) ?? naming.names.push(name) - 1
    known.set(name, index)
    return index
  }
}

interface OriginalNames {
  /** What a token of the generated code is called in the source: the identifier at the place it is mapped to. */
  nameOf(token: FunctionScope['token']): string | undefined
  /** The name of the function that a `function` of the generated code is mapped to. */
  declaredAt(at: number): string | undefined
}

function functionName(
  { start, token, owner, kind, hasKeyword }: FunctionScope,
  { nameOf, declaredAt }: OriginalNames,
): string | undefined {
  const className = nameOf(owner)
  if (kind === 'constructor') return className && `new ${className}`
  const name = (hasKeyword ? declaredAt(start) : undefined) ?? nameOf(token)
  return name !== undefined && className !== undefined ? `${className}.${name}` : name
}

/** Of an offset into the code the 0-based line and column. */
function positionsOf(code: string): (at: number) => { line: number; column: number } {
  const starts = lineStartsOf(code)
  return at => {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] ?? 0) <= at) low = middle + 1
      else high = middle
    }
    return { line: low - 1, column: at - (starts[low - 1] ?? 0) }
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0]
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + end.length)
  return starts
}

// What may stand before the name of what is declared, where a map leads to the start of the declaration.
const MODIFIERS =
  /^(?:(?:export|default|declare|abstract|public|private|protected|readonly|override|static|async|get|set|function|const|let|var|class)\b\s*|\*\s*)*/
const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u
const RESERVED =
  /^(?:await|break|case|catch|continue|debugger|delete|do|else|extends|false|finally|for|if|import|in|instanceof|new|null|return|super|switch|this|throw|true|try|typeof|void|while|with|yield)$/

const DECLARATION = /^(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b\s*\*?\s*/

function originalNames(
  { segments, files, names }: Naming,
  positionOf: (at: number) => { line: number; column: number },
): OriginalNames {
  const lineStarts = new Map<number, number[]>()
  const segmentAt = (at: number): number => {
    const { line, column } = positionOf(at)
    return exactSegment(segments, line, column)
  }
  /** What stands in the source at the place that a segment leads to. */
  const textAt = (segment: number): string | undefined => {
    const file = segments.sources[segment] ?? -1
    const content = files[file]?.content
    if (typeof content !== 'string') return undefined
    const starts = lineStarts.get(file) ?? lineStartsOf(content)
    lineStarts.set(file, starts)
    const start = starts[segments.originalLines[segment] ?? 0]
    const at = (start ?? content.length) + (segments.originalColumns[segment] ?? 0)
    return content.slice(at, at + MAX_NAME_LENGTH)
  }
  return {
    declaredAt(at) {
      const text = textAt(segmentAt(at)) ?? ''
      const declaration = DECLARATION.exec(text)?.[0]
      return declaration === undefined ? undefined : IDENTIFIER.exec(text.slice(declaration.length))?.[0]
    },
    nameOf(token) {
      if (!token) return undefined
      const segment = segmentAt(token.at)
      // Names of properties are not shortened by default, so that one without a mapping is what it was.
      const unmapped = token.isProperty ? token.text : undefined
      if (segment < 0) return unmapped
      return identifierIn(textAt(segment) ?? '') ?? names[segments.names[segment] ?? -1] ?? unmapped
    },
  }
}

function identifierIn(text: string): string | undefined {
  const quoted = /^['"]([^'"\n]+)['"]/.exec(text)?.[1]
  if (quoted !== undefined) return quoted
  const plain = IDENTIFIER.exec(text)?.[0]
  // A method may be called `get` or `static` itself.
  if (plain !== undefined && /^\s*[(=]/.test(text.slice(plain.length)) && !/^(?:function|async)$/.test(plain))
    return RESERVED.test(plain) ? undefined : plain
  const name = IDENTIFIER.exec(text.replace(MODIFIERS, ''))?.[0]
  return name === undefined || RESERVED.test(name) || name === 'extends' ? undefined : name
}

/** The segment that starts at exactly that position; -1 where none does. */
function exactSegment({ lineStarts, columns }: Segments, line: number, column: number): number {
  let low = lineStarts[line] ?? 0
  let high = lineStarts[line + 1] ?? 0
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((columns[middle] ?? 0) < column) low = middle + 1
    else high = middle
  }
  return low < (lineStarts[line + 1] ?? 0) && columns[low] === column ? low : -1
}
