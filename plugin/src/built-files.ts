import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, posix, relative, sep } from 'node:path'
import { parse } from 'acorn'
import type { Format } from './debug-id.ts'

// The files of a finished build: scripts with their maps, and the pages that load them.

export interface BuiltFile {
  /** From the folder of the build, with slashes. */
  name: string
  codePath: string
  code: string
  /** undefined where there is none. */
  mapPath: string | undefined
  map: string | undefined
}

/** All scripts below a folder, by name. */
export async function builtFiles(folder: string): Promise<BuiltFile[]> {
  const names = (await namesIn(folder)).filter(name => /\.[cm]?js$/.test(name)).sort()
  return Promise.all(
    names.map(async name => {
      const codePath = join(folder, name)
      const code = await readFile(codePath, 'utf8')
      const mapPath = mapPathOf(codePath, code)
      const map = await readFile(mapPath, 'utf8').catch(() => undefined)
      return { name, codePath, code, mapPath: map === undefined ? undefined : mapPath, map }
    }),
  )
}

export async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

/** Beside the file, under the name that its last comment says. */
function mapPathOf(codePath: string, code: string): string {
  const named = /\/\/# sourceMappingURL=([^\s?#]+)\s*$/.exec(code)?.[1]
  const isBeside = named !== undefined && !/^[a-z]+:|^\//i.test(named) && !named.includes('..')
  return isBeside ? join(dirname(codePath), decodeURIComponent(named)) : `${codePath}.map`
}

/** Tells modules from scripts: by their syntax, else by how the pages and the other files load them. */
export async function createFormatOf(
  folder: string,
  files: BuiltFile[],
): Promise<(file: BuiltFile) => Format> {
  const pages = (await namesIn(folder)).filter(name => /\.html?$/.test(name))
  const modules = new Set<string>()
  for (const page of pages) {
    const html = await readFile(join(folder, page), 'utf8')
    for (const [tag] of html.matchAll(/<script\b[^>]*>/gi)) {
      const src = /\bsrc=["']?([^"'\s>]+)/i.exec(tag)?.[1]
      if (src !== undefined && /\btype=["']?module/i.test(tag)) modules.add(posix.basename(src))
    }
  }
  for (const { code } of files)
    for (const [, path = ''] of code.matchAll(/\b(?:from|import)\s*\(?\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g))
      modules.add(posix.basename(path))
  return ({ name, code }) =>
    name.endsWith('.mjs') || !isScript(code) || modules.has(posix.basename(name)) ? 'module' : 'script'
}

function isScript(code: string): boolean {
  try {
    parse(code, {
      ecmaVersion: 'latest',
      sourceType: 'script',
      allowHashBang: true,
      allowReturnOutsideFunction: true,
    })
    return true
  } catch {
    return false
  }
}
