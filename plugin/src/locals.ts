import { createRequire } from 'node:module'
import { isAbsolute, relative, sep } from 'node:path'
import remapping from '@jridgewell/remapping'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { createCache } from './cache.ts'
import { hashOfModule, type Table } from './table.ts'

// Local variables in a build, whichever bundler makes it: modules are instrumented one by one, and of what comes out each
// map gets the names of the variables whose values its file will report.

/** Parts of the paths of modules, or expressions on them. */
export type Patterns = (string | RegExp)[]

export interface LocalsOptions {
  /** The modules that are instrumented; by default all of the app's own, which are none of node_modules. */
  include?: Patterns
  exclude?: Patterns
  /** Where the names of variables go: into the maps only (the default), or also into the code. */
  names?: 'artifact' | 'inline'
  /** Of how many functions that an error has left the variables are kept: 16, and no more. */
  maxFrames?: number
}

export interface LocalsResult {
  code: string
  map: SourceMapInput
}

/** What is known of a module beside its text. */
interface Given {
  /** Of the compiler that made it. */
  map?: SourceMapInput | undefined
  isMerged?: boolean
  /** See instrument.ts. */
  isModule?: boolean
}

export interface Locals {
  /** What of all ids may be covered, for bundlers that do not ask for each of those that are not. */
  sieve: { include: RegExp[]; exclude: RegExp[] }
  /** The same for paths without their queries, as one expression that looks nowhere ahead, which Go's cannot. */
  sieveOfPaths: RegExp
  /** Whether a module is to be instrumented, by its id: its path, perhaps with a query. */
  covers(id: string): boolean
  /**
   * Takes JavaScript; null where nothing is to change. The map of the result leads to what was given, or with `isMerged`
   * to its source.
   */
  transform(code: string, id: string, given?: Given): Promise<LocalsResult | null>
  /** Takes in what is known of a module from an earlier build. */
  add(known: Table | undefined): void
  /** Whether it is known what the ids of a module stand for, if its code has any. */
  knows(code: string, id: string): boolean
  /** What the collector is to know of a built file, as a field of its map; none where that is nothing. */
  fieldsOf(code: string): { x_ohnoes_locals?: Table }
}

/** The module that instrumented code imports, wherever it lies itself. */
export const RUNTIME = 'ohnoes/locals'
let foundRuntime: string | undefined
/** Asked for each module of a build, and looked for once. */
export const runtimePath = (): string => (foundRuntime ??= createRequire(import.meta.url).resolve(RUNTIME))

const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)(?:\?|$)/
const ANY = /^/
/** Whatever has a body in braces: what is declared, arrows, methods. Styles, texts and lists of exports have none. */
const HAS_FUNCTIONS = /\bfunction\b|=>|\)\s*(?:\{|\/[*/])/
const NODE_MODULES = /[\\/]node_modules[\\/]/
/** The paths that it does not match. */
const OWN_PATH = new RegExp(`^(?:${partUnless('node_modules')}[\\\\/])*[^\\\\/]*$`)
/** As instrument writes them; minifiers choose the quotes. */
const ID = /["'`]([\w-]{8}\d{1,12})["'`]/g

/** What is said of a module that is no JavaScript. */
export const withoutLocals = (id: string, { message }: SyntaxError): string =>
  `ohnoes: ${id} is built without local variables: ${message}`

export function createLocals(options: LocalsOptions, root = process.cwd()): Locals {
  const { include, exclude = [], names = 'artifact', maxFrames } = options
  const table: Table = {}
  const cache = createCache(root)

  function covers(id: string): boolean {
    const path = id.replaceAll('\\', '/')
    if (path.startsWith('\0') || matches(path, exclude)) return false
    if (include) return matches(path, include)
    return SCRIPT.test(path.replace(/\?.*/, '')) && !NODE_MODULES.test(path)
  }

  function filenameOf(id: string): string {
    const path = isAbsolute(id) ? relative(root, id) : id
    return path.split(sep).join('/')
  }

  return {
    sieve: {
      include: include ? [runtimePath(), ...include].map(literal) : [SCRIPT],
      // Where the runtime is to be changed it is in node_modules itself.
      exclude: include || maxFrames !== undefined ? [] : [NODE_MODULES],
    },
    sieveOfPaths: sieveOfPaths(include, maxFrames !== undefined),
    covers,
    async transform(code, id, { map, isMerged = false, isModule = false } = {}) {
      if (id === runtimePath()) return maxFrames === undefined ? null : limited(code, maxFrames)
      if (!covers(id) || !HAS_FUNCTIONS.test(code)) return null
      const options = { filename: filenameOf(id), names, isModule }
      const result = await cache.take(code, options, async () => {
        // Only here, as most builds need no parser.
        const { instrument } = await import('./instrument.ts')
        return instrument(code, options)
      })
      if (!result.map) return null
      if (map) {
        const { relocate } = await import('./relocate.ts')
        Object.assign(table, relocate(result.table, code, map))
      } else Object.assign(table, result.table)
      const own = result.map as SourceMapInput
      return {
        code: result.code,
        map: map && isMerged ? (remapping([own, map], () => null) as SourceMapInput) : own,
      }
    },
    add(known) {
      Object.assign(table, known)
    },
    knows(code, id) {
      const first = `${hashOfModule(filenameOf(id))}0`
      return Object.hasOwn(table, first) || !code.includes(first)
    },
    fieldsOf(code) {
      const own: Table = {}
      for (const [, id = ''] of code.matchAll(ID)) if (Object.hasOwn(table, id)) own[id] = table[id]!
      return Object.keys(own).length ? { x_ohnoes_locals: own } : {}
    },
  }
}

/** The runtime with another limit, which is a constant of it. */
function limited(code: string, maxFrames: number): LocalsResult {
  return {
    code: code.replace(/(MAX_FRAMES = )\d+/, `$1${Math.max(0, Math.floor(maxFrames))}`),
    map: '{"version":3,"sources":[],"names":[],"mappings":""}',
  }
}

/** Of text the expression for it, by either separator; an expression may be more than bundlers understand. */
function literal(pattern: string | RegExp): RegExp {
  if (typeof pattern !== 'string') return ANY
  return new RegExp(pattern.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&').replaceAll('/', '[\\\\/]'))
}

function sieveOfPaths(include: Patterns | undefined, hasRuntime: boolean): RegExp {
  const patterns = include?.map(pattern => (namesQuery(pattern) ? ANY : literal(pattern))) ?? [OWN_PATH]
  if (hasRuntime) patterns.push(literal(runtimePath()))
  return new RegExp(patterns.map(({ source }) => source).join('|'))
}

const namesQuery = (pattern: string | RegExp): boolean => /[?#]/.test(`${pattern}`)

/** An expression for a part of a path that is not this word. */
function partUnless(word: string): string {
  return Array.from(word).reduceRight(
    (rest, letter) => `(?:[^\\\\/${letter}][^\\\\/]*|${letter}${rest})?`,
    '[^\\\\/]+',
  )
}

function matches(path: string, patterns: Patterns): boolean {
  return patterns.some(pattern => (typeof pattern === 'string' ? path.includes(pattern) : pattern.test(path)))
}
