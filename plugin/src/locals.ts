import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { isAbsolute, relative, sep } from 'node:path'
import remapping from '@jridgewell/remapping'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { instrument } from './instrument.ts'
import { relocate } from './relocate.ts'
import type { Table } from './table.ts'

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

export interface Locals {
  /** Whether a module is to be instrumented, by its id: its path, perhaps with a query. */
  covers(id: string): boolean
  /**
   * JavaScript with the map of what it was compiled from, if it was. Null where nothing is to change. The map of the
   * result leads to that JavaScript; `isMerged`: to its source.
   */
  transform(
    code: string,
    id: string,
    given?: { map?: SourceMapInput | undefined; isMerged?: boolean },
  ): LocalsResult | null
  /** Puts into the maps of built files what the collector is to know of them. */
  writeTables(files: { codePath: string; mapPath: string }[]): Promise<void>
}

/** The module that instrumented code imports, wherever it lies itself. */
export const RUNTIME = 'ohnoes/locals'
export const runtimePath = (): string => createRequire(import.meta.url).resolve(RUNTIME)

const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/
/** As instrument writes them; minifiers choose the quotes. */
const ID = /["'`]([\w-]{9,20})["'`]/g

export function createLocals(options: LocalsOptions, root = process.cwd()): Locals {
  const { include, exclude = [], names = 'artifact', maxFrames } = options
  const table: Table = {}

  function covers(id: string): boolean {
    const path = id.replaceAll('\\', '/')
    if (path.startsWith('\0') || matches(path, exclude)) return false
    if (include) return matches(path, include)
    return SCRIPT.test(path.replace(/\?.*/, '')) && !path.includes('/node_modules/')
  }

  function filenameOf(id: string): string {
    const path = isAbsolute(id) ? relative(root, id) : id
    return path.split(sep).join('/')
  }

  return {
    covers,
    transform(code, id, { map, isMerged = false } = {}) {
      if (id === runtimePath()) return maxFrames === undefined ? null : limited(code, maxFrames)
      if (!covers(id)) return null
      const result = instrument(code, { filename: filenameOf(id), names })
      if (!result.map) return null
      Object.assign(table, map ? relocate(result.table, code, map) : result.table)
      const own = result.map as SourceMapInput
      return {
        code: result.code,
        map: map && isMerged ? (remapping([own, map], () => null) as SourceMapInput) : own,
      }
    },
    async writeTables(files) {
      for (const { codePath, mapPath } of files) {
        const own = tableOf(await readFile(codePath, 'utf8'), table)
        if (!own) continue
        const map = JSON.parse(await readFile(mapPath, 'utf8')) as object
        await writeFile(mapPath, JSON.stringify({ ...map, x_ohnoes_locals: own }))
      }
    },
  }
}

/** What a built file has of the table; undefined where that is nothing. */
function tableOf(code: string, table: Table): Table | undefined {
  const ids = [...code.matchAll(ID)].flatMap(([, id = '']) => (Object.hasOwn(table, id) ? [id] : []))
  return ids.length ? Object.fromEntries(ids.map(id => [id, table[id]!])) : undefined
}

/** The runtime with another limit, which is a constant of it. */
function limited(code: string, maxFrames: number): LocalsResult {
  return {
    code: code.replace(/(MAX_FRAMES = )\d+/, `$1${Math.max(0, Math.floor(maxFrames))}`),
    map: '{"version":3,"sources":[],"names":[],"mappings":""}',
  }
}

function matches(path: string, patterns: Patterns): boolean {
  return patterns.some(pattern => (typeof pattern === 'string' ? path.includes(pattern) : pattern.test(path)))
}
