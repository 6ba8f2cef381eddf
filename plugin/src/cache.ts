import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Instrumented, InstrumentOptions } from './instrument.ts'
import { withText } from './text.ts'

// What instrumenting a module gave, for the next build, in which most modules are as they were: a file for each, where
// builds have their caches. Bundlers that are compiled build a small application in less time than it takes to load a
// parser and to read its trees.

/** Of some kilobytes each. */
const MAX_FILES = 10_000

/** In `node_modules/.cache` of the root; where there is no `node_modules`, nothing is kept. */
export function createCache(root: string) {
  const modules = join(root, 'node_modules')
  const folder = join(modules, '.cache', 'ohnoes-plugin')
  const maker = existsSync(modules) ? hashOfMaker() : undefined
  let isBounded = false

  /** What was kept for this code under these options, or else what `make` gives. */
  async function take(
    code: string,
    options: InstrumentOptions,
    make: () => Promise<Instrumented>,
  ): Promise<Instrumented> {
    if (maker === undefined) return make()
    const key = createHash('sha256')
      .update(JSON.stringify([maker, options]))
      .update(code)
      .digest('hex')
    const path = join(folder, `${key}.json`)
    const kept = read(path, code)
    if (kept) return kept
    const made = await make()
    keep(path, made)
    return made
  }

  function keep(path: string, made: Instrumented): void {
    try {
      if (!isBounded) bound()
      const { map } = made
      writeFileSync(path, JSON.stringify({ ...made, map: map && { ...map, sourcesContent: [] } }))
    } catch {
      // Of a folder that cannot be written to the build makes no use.
    }
  }

  function bound(): void {
    isBounded = true
    if (existsSync(folder) && readdirSync(folder).length > MAX_FILES) rmSync(folder, { recursive: true })
    mkdirSync(folder, { recursive: true })
  }

  return { take }
}

/** Undefined where nothing was kept, or half of it: another build may be writing it. */
function read(path: string, code: string): Instrumented | undefined {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Instrumented
    return { ...kept, map: kept.map && withText({ ...kept.map, sourcesContent: [code] }) }
  } catch {
    return undefined
  }
}

/** A hash of this version of the plugin, as its files are now. */
function hashOfMaker(): string {
  const folder = new URL('.', import.meta.url)
  const hash = createHash('sha256').update(readFileSync(new URL('../package.json', folder)))
  for (const name of readdirSync(folder).filter(name => /(?<!\.d)\.[jt]s$/.test(name))) {
    const { size, mtimeMs } = statSync(new URL(name, folder))
    hash.update(`${name} ${size} ${mtimeMs} `)
  }
  return hash.digest('hex')
}
