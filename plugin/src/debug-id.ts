import { createHash } from 'node:crypto'
import type { ImportedScript } from './import-scripts.ts'

// A debug id says which build a file is from: in the file, in its map, and in one line that the file runs first, which
// tells the error monitor. It is made from the file's content, so it is the same on every machine.

/** How a file is loaded: only a module can ask for its own address. */
export type Format = 'module' | 'script'

const COMMENT = /^\/\/# debugId=([\da-f-]{36})\s*$/im
const LAST_LINES = 5

/** A UUID (version 4 by its form) of the content. */
export function debugIdOf(content: string): string {
  const hash = createHash('sha256').update(content).digest('hex')
  const variant = '89ab'[Number.parseInt(hash[16] ?? '0', 16) % 4]
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}

/**
 * What registers a file's id under its address, without making a stack and without eval. In a script that a worker has
 * loaded by `importScripts` the address is the worker's own, which is there already: such a file needs importedLine.
 */
export const registryLine = (id: string, format: Format): string =>
  format === 'module'
    ? `(globalThis._ohnoesDebugIds=globalThis._ohnoesDebugIds||{})[import.meta.url]="${id}";`
    : `!function(g){try{var d=g.document,u=d?d.currentScript.src:location,o=g._ohnoesDebugIds=g._ohnoesDebugIds||{};o[u]=o[u]||"${id}"}catch(e){}}(this);`

const MAX_LINE_LENGTH = 180

/** The same for a script that a worker loads by `importScripts`; undefined for an address that is too long. */
export function importedLine(id: string, { address, isShared }: ImportedScript): string | undefined {
  if (address === undefined) return undefined
  const page = isShared ? 'self.document?document.currentScript.src:' : ''
  // What loads it has registered before.
  const line = `try{self._ohnoesDebugIds[${page}new URL(${JSON.stringify(address)},location)]="${id}"}catch(e){}`
  return line.length > MAX_LINE_LENGTH ? undefined : line
}

export const debugIdComment = (id: string): string => `//# debugId=${id}`

/** The id that a file says it has, in one of its last lines. */
export const readDebugId = (code: string): string | undefined =>
  COMMENT.exec(code.trimEnd().split('\n').slice(-LAST_LINES).join('\n'))?.[1]

/** Puts the comment above the one that names the map, which is the last. */
export function addComment(code: string, id: string): string {
  const mapComment = /\n?\/\/# sourceMappingURL=[^\n]*\s*$/.exec(code)
  const end = mapComment?.index ?? code.trimEnd().length
  return `${code.slice(0, end)}\n${debugIdComment(id)}${code.slice(end)}`
}

/**
 * Where the registry line goes: after a hashbang and the directives, which count at the very beginning only. The
 * directives are said again, so that what follows can stay as it is.
 */
export function placeForLine(code: string): { at: number; directives: string } {
  const at = /^#![^\n]*\n/.exec(code)?.[0].length ?? 0
  const prologue =
    /^(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n|(['"])use [a-z ]+\1\s*(?:;|\n|$))*/.exec(code.slice(at))?.[0] ?? ''
  const directives = [...new Set(prologue.match(/(['"])use [a-z ]+\1/g) ?? [])]
  return { at, directives: directives.map(directive => `${directive};`).join('') }
}

/** The file with its id: the line, on a line of its own, and the comment. */
export function stamp(code: string, id: string, format: Format): string {
  const { at, directives } = placeForLine(code)
  return addComment(`${code.slice(0, at)}${directives}${registryLine(id, format)}\n${code.slice(at)}`, id)
}

interface MapJson {
  sections?: { offset: { line: number } }[]
  mappings?: unknown
  scopes?: unknown
  ranges?: unknown
}

/** The map of a file with its id and more fields; `code` is the file before `stamp` where it moved what the map leads from. */
export function stampMap(map: string, id: string, fields: object, code?: string): string {
  const added = { debugId: id, debug_id: id, ...fields }
  if (code === undefined) return addToMap(map, added)
  const json = JSON.parse(map) as MapJson
  insertLine(json, placeForLine(code).at ? 1 : 0)
  return JSON.stringify({ ...json, ...added })
}

/** A map with more fields. They are put at its end as text: maps are megabytes, which take long to be read and written anew. */
function addToMap(map: string, fields: object): string {
  const end = map.lastIndexOf('}')
  // A quote within what a map says has a backslash, so that this is a field of it.
  const has = Object.keys(fields).some(name => map.includes(`"${name}":`))
  if (has || end < 0 || !map.includes(':'))
    return JSON.stringify({ ...(JSON.parse(map) as object), ...fields })
  return `${map.slice(0, end)},${JSON.stringify(fields).slice(1)}`
}

/** An empty line of the generated file, before its line number `line`, 0 or 1. */
function insertLine(json: MapJson, line: number): void {
  for (const { offset } of json.sections ?? []) if (offset.line >= line) offset.line++
  if (typeof json.mappings !== 'string') return
  const at = line ? json.mappings.indexOf(';') : 0
  json.mappings = at < 0 ? `${json.mappings};` : `${json.mappings.slice(0, at)};${json.mappings.slice(at)}`
  if (line) return // what has a hashbang is nothing that pages load
  if (typeof json.scopes === 'string') json.scopes = withRangesMoved(json.scopes)
  if (typeof json.ranges === 'string') json.ranges = withRangesMoved(json.ranges)
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * The ranges of the generated file, as `scopes` had them and `ranges` has them since June 2026, one line further down.
 * Each says where it is from the one before on, so that the first takes the others along: after its tag `E` come flags,
 * of which the lowest says that its line follows.
 */
const withRangesMoved = (text: string): string =>
  text.replace(/(?<=^|,)E([A-Za-f])(\S*)/, (_, flags: string, rest: string) => {
    const value = DIGITS.indexOf(flags)
    return `E${DIGITS[value | 1]}${value % 2 ? plusOne(rest) : `B${rest}`}`
  })

/** Of a text that starts with an unsigned VLQ. */
function plusOne(text: string): string {
  const digit = DIGITS.indexOf(text.charAt(0))
  if (digit % 32 < 31) return DIGITS.charAt(digit + 1) + text.slice(1)
  return digit < 32 ? `gB${text.slice(1)}` : `g${plusOne(text.slice(1))}`
}
