// How the files may hang together. A new file in src/ gets its place in LAYERS.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** A file of the bundle imports only from lines above its own. */
const LAYERS = `
  protocol
  options snippet
  ledger
  guard
  scrub dsn hash patch page-name
  json sample rules
  copy hook session
  stack debug-ids crumbs scope limits locals
  describe storm noise dom console network navigation
  event trim offline
  send vitals
  capture
  api
  index auto vitals-script react vue`
  .trim()
  .split('\n')
  .map(line => line.trim().split(' '))

/** The wire, and what both of its ends have to compute alike. */
const CROSSING = ['ohnoes/protocol', 'ohnoes/sampling']

const BY_KIND = /^(utils?|helpers?|types?|consts?|constants|common|services?|misc)$/

test('imports point one way, and files are named for what they own', () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const files: Record<string, string> = {}
  for (const folder of ['src', 'collector/src', 'plugin/src'])
    for (const path of filesIn(root, folder)) files[path] = readFileSync(root + path, 'utf8')
  expect(Object.keys(files)).toContain('src/protocol.ts')
  expect(violations(files)).toEqual([])
})

test.each([
  ['src/guard.ts', `import { send } from './send.ts'`, 'against the direction'],
  ['src/guard.ts', `export { send } from './send.ts'`, 'against the direction'],
  ['src/guard.ts', `export * from './send.ts'`, 'against the direction'],
  ['src/guard.ts', `import './send.ts'`, 'against the direction'],
  ['src/guard.ts', `const send = () => import('./send.ts')`, 'against the direction'],
  ['src/guard.ts', `import type { Send } from './send.ts'`, 'against the direction'],
  ['src/stack.ts', `import { describe } from './describe.ts'`, 'against the direction'],
  ['src/snippet.ts', `import { VERSION } from './protocol.ts'`, 'types only'],
  ['src/send.ts', `import { VERSION } from 'ohnoes/protocol'`, 'only ohnoes/protocol crosses'],
  ['src/send.ts', `import { gone } from './gone.ts'`, 'against the direction'],
  ['src/stuff.ts', '', 'no place in LAYERS'],
  ['src/net/send.ts', '', 'no place in LAYERS'],
  ['src/utils.ts', '', 'named by kind'],
  ['collector/src/helpers/row.ts', '', 'named by kind'],
  ['collector/src/a.ts', `import '../../src/protocol.ts'`, 'leaves its package'],
  ['plugin/src/a.ts', `import type { Event } from 'ohnoes'`, 'only ohnoes/protocol crosses'],
  ['collector/src/a.ts', `import type { Frame } from 'ohnoes/stack'`, 'only ohnoes/protocol crosses'],
  ['collector/src/a.ts', `import './b.ts'`, 'b.ts > collector/src/a.ts > collector/src/b.ts'],
])('%s with %j is found out: %s', (path, source, problem) => {
  const others = { 'collector/src/b.ts': `export * from './a.ts'`, 'src/send.ts': '', 'src/protocol.ts': '' }
  expect(violations({ ...others, [path]: source }).join('\n')).toContain(problem)
})

test('what is allowed is let through', () => {
  const files = {
    'src/protocol.ts': '',
    'src/snippet.ts': `import type { Event } from './protocol.ts'`,
    'src/send.ts': `import './protocol.ts' // not: import './capture.ts'`,
    'collector/src/main.ts': `import 'ohnoes/protocol'\nimport 'ohnoes/sampling'\nimport './rows/row.ts'\nimport pkg from '../package.json'`,
    'collector/src/rows/row.ts': `export const text = "import './main.ts'"`,
  }
  expect(violations(files)).toEqual([])
})

function violations(files: Record<string, string>): string[] {
  const found: string[] = []
  const edges = new Map<string, string[]>()
  for (const [path, source] of Object.entries(files)) {
    const home = path.slice(0, path.indexOf('/') + 1)
    const names = path.replace(/\.\w+$/, '').split('/')
    if (names.some(name => BY_KIND.test(name))) found.push(`${path} is named by kind`)
    if (home === 'src/' && layerOf(path) < 0) found.push(`${path} has no place in LAYERS`)
    if (path === 'src/snippet.ts' && /^import (?!type )/m.test(source))
      found.push(`${path} may import types only`)

    for (const name of importsOf(source)) {
      const target = posix.join(posix.dirname(path), name)
      if (/^ohnoes($|\/)/.test(name) && (home === 'src/' || !CROSSING.includes(name)))
        found.push(`${path} imports ${name}: only ohnoes/protocol crosses, and sampling, and only outwards`)
      if (!name.startsWith('.')) continue
      edges.set(path, [...(edges.get(path) ?? []), target])
      if (!target.startsWith(home)) found.push(`${path} leaves its package for ${target}`)
      else if (home === 'src/' && !(target in files && layerOf(target) < layerOf(path)))
        found.push(`${path} imports ${target} against the direction`)
    }
  }
  return [...found, ...cycles(edges)]
}

/** TypeScript's own scanner: `from '…'`, `import '…'`, `import('…')`, and no text in comments or strings. */
function importsOf(source: string): string[] {
  return ts.preProcessFile(source, true, true).importedFiles.map(file => file.fileName)
}

function layerOf(path: string): number {
  return LAYERS.findIndex(layer => layer.some(name => path === `src/${name}.ts`))
}

function cycles(edges: Map<string, string[]>): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' > '))
    if (done.has(path)) return
    done.add(path)
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path])
  }
  for (const path of edges.keys()) visit(path, [])
  return found
}

function filesIn(root: string, folder: string): string[] {
  if (!existsSync(root + folder)) return [] // plugin/src, until there is a plugin
  const names = readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
  return names.filter(name => /\.tsx?$/.test(name)).map(name => `${folder}/${name}`)
}
