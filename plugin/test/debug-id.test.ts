import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { createHash } from 'node:crypto'
import { build } from 'esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { debugIdOf, readDebugId, registryLine, stamp, stampMap } from '../src/debug-id.ts'
import { inject, problemsOf } from '../src/inject.ts'
import { ohnoes } from '../src/index.ts'

const ID = '3b1f0c52-9f1e-4d1a-8a53-0123456789ab'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ohnoes-plugin-'))
})
afterEach(() => rm(dir, { recursive: true }))

const sha384 = (text: string): string => `sha384-${createHash('sha384').update(text).digest('base64')}`
const write = (name: string, text: string): Promise<void> => writeFile(join(dir, name), text)
const read = (name: string): Promise<string> => readFile(join(dir, name), 'utf8')

/** A script with its map: `boom` is on the third line of the source. */
async function writeBuild(name: string, format: 'iife' | 'esm' = 'iife'): Promise<void> {
  await write(
    'source.ts',
    'let count: number = 0\n\nexport const boom = () => { throw new Error(`no ${count++}`) }\nboom()',
  )
  await build({
    entryPoints: [join(dir, 'source.ts')],
    outfile: join(dir, name),
    bundle: true,
    minify: true,
    format,
    sourcemap: 'linked',
    logLevel: 'error',
  })
}

test('an id is a UUID, the same for the same content and another for another', () => {
  expect(debugIdOf('a')).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(debugIdOf('a')).toBe(debugIdOf('a'))
  expect(debugIdOf('a')).not.toBe(debugIdOf('b'))
})

test('what a file runs first is at most 120 bytes in a module, 180 in a script, and has no eval in it', () => {
  expect(registryLine(ID, 'module').length).toBeLessThanOrEqual(120)
  expect(registryLine(ID, 'script').length).toBeLessThanOrEqual(180)
  for (const format of ['module', 'script'] as const)
    expect(registryLine(ID, format)).not.toMatch(/eval|Function\(|stack|Error/)
})

test.each([
  [
    'a script of a page',
    { document: { currentScript: { src: 'https://a/x.js' } } },
    { 'https://a/x.js': ID },
  ],
  ['a worker', { location: { toString: () => 'https://a/w.js' } }, { 'https://a/w.js': ID }],
  ['Node, where nothing is to be registered', {}, undefined],
  ['a page that runs it as text', { document: { currentScript: null } }, undefined],
])('the line of a script registers its address in %s', (_, globals, registered) => {
  const page: Record<string, any> = { ...globals }
  runInNewContext(registryLine(ID, 'script'), page)
  expect(page._ohnoesDebugIds).toEqual(registered)
})

test('what a worker loads later does not take the place of the worker itself', () => {
  const worker: Record<string, any> = { location: 'https://a/w.js' }
  runInNewContext(registryLine(ID, 'script'), worker)
  runInNewContext(registryLine(debugIdOf('other'), 'script'), worker)
  expect(worker._ohnoesDebugIds).toEqual({ 'https://a/w.js': ID })
})

test.each([
  ['nothing', 'a()', /^!function/],
  ['a directive', '"use strict";a()', /^"use strict";!function/],
  ['a directive after a licence', '/*! MIT */\n"use strict";a()', /^"use strict";!function/],
  ['a hashbang', '#!/usr/bin/env node\na()', /^#!\/usr\/bin\/env node\n!function/],
  ['a text that is no directive', '"use strict".length', /^!function/],
])('the line comes first, but after %s', (_, code, start) => {
  const stamped = stamp(code, ID, 'script')
  expect(stamped).toMatch(start)
  expect(stamped).toContain(code.split('\n').at(-1))
})

test('the id is above the comment that names the map, and can be read back', () => {
  const stamped = stamp('a()\n//# sourceMappingURL=a.js.map\n', ID, 'module')
  expect(stamped.trimEnd().split('\n').slice(-2)).toEqual([
    `//# debugId=${ID}`,
    '//# sourceMappingURL=a.js.map',
  ])
  expect(readDebugId(stamped)).toBe(ID)
  expect(readDebugId(`//# debugId=${ID}\n${'a\n'.repeat(6)}`)).toBeUndefined()
})

test('positions are moved with the code, in maps with sections, too', () => {
  const section = { offset: { line: 0, column: 3 }, map: { version: 3, mappings: 'A' } }
  expect(JSON.parse(stampMap('{"version":3,"mappings":"AAAA;A"}', ID, {}, 'a'))).toMatchObject({
    mappings: ';AAAA;A',
    debugId: ID,
    debug_id: ID,
  })
  expect(JSON.parse(stampMap('{"version":3,"mappings":"AAAA;A"}', ID, {}, '#!node\na')).mappings).toBe(
    'AAAA;;A',
  )
  expect(
    JSON.parse(stampMap(JSON.stringify({ sections: [section] }), ID, {}, 'a')).sections[0].offset.line,
  ).toBe(1)
})

test.each([
  ['its first range, on the first line', 'ECAA,GCC,FB,EEB,FC', 'EDBAA,GCC,FB,EEB,FC'],
  ['its first range, on another line', 'EDCAA,FBA', 'EDDAA,FBA'],
  ['its first range, where a number gets longer', 'ED/AAA,FB', 'EDgBAA,FB'],
  ['its first range, where a digit is carried', 'ED/fAA,FB', 'EDggBAA,FB'],
])('a map that says where functions lie is moved at %s', (_, before, after) => {
  const move = (fields: object) =>
    JSON.parse(stampMap(JSON.stringify({ mappings: '', ...fields }), ID, {}, 'a'))
  expect(move({ ranges: before }).ranges).toBe(after)
  const originals = 'BCBAA,DC,BEAE,CBE,CBA,A'
  expect(move({ scopes: `${originals},${before}` }).scopes).toBe(`${originals},${after}`)
  expect(move({ scopes: [originals], ranges: before }).scopes).toEqual([originals])
})

test('inject stamps a finished build once, keeps positions, and redoes the hashes that pages have of it', async () => {
  await writeBuild('app.js')
  const before = await read('app.js')
  await write('plain.js', 'a()')
  await write('index.html', `<script src="app.js" integrity="${sha384(before)}"></script>`)
  expect(await problemsOf(dir)).toEqual(['app.js has no debug id: run ohnoes-plugin inject'])
  expect(await inject(dir)).toEqual({
    stamped: ['app.js'],
    stampedBefore: [],
    withoutMap: ['plain.js'],
    redone: [{ of: 'app.js', in: 'index.html' }],
  })
  const code = await read('app.js')
  expect(await read('index.html')).toContain(sha384(code))
  expect(await read('plain.js')).toBe('a()')
  expect(await problemsOf(dir)).toEqual([])
  const lines = code.split('\n')
  const line = lines.findIndex(text => text.includes('throw'))
  const at = { line: line + 1, column: lines[line]!.indexOf('throw') }
  expect(originalPositionFor(new TraceMap(await read('app.js.map')), at).line).toBe(3)

  expect(await inject(dir)).toMatchObject({ stamped: [], stampedBefore: ['app.js'], redone: [] })
  expect(await read('app.js')).toBe(code)
})

test('inject redoes the hashes in the manifests of service workers, those of the pages it has changed among them', async () => {
  const hex = async (algorithm: string, name: string): Promise<string> =>
    createHash(algorithm)
      .update(await read(name))
      .digest('hex')
  await writeBuild('app.js')
  await write('index.html', `<script src="app.js" integrity="${sha384(await read('app.js'))}"></script>`)
  const angular = async () => ({
    '/app.js': await hex('sha1', 'app.js'),
    '/index.html': await hex('sha1', 'index.html'),
  })
  const workbox = async () => `precache([{url:"app.js",revision:"${await hex('md5', 'app.js')}"}])`
  await write('ngsw.json', JSON.stringify({ hashTable: await angular() }))
  await write('sw.js', await workbox())
  const { redone } = await inject(dir)
  expect(JSON.parse(await read('ngsw.json')).hashTable).toEqual(await angular())
  expect(await read('sw.js')).toBe(await workbox())
  expect(redone.map(({ of, in: name }) => `${of} in ${name}`).sort()).toEqual([
    'app.js in index.html',
    'app.js in ngsw.json',
    'app.js in sw.js',
    'index.html in ngsw.json',
  ])
})

test('what pages load as a module registers itself as one, whatever its syntax', async () => {
  for (const name of ['module.js', 'script.js', 'chunk.js']) await writeBuild(name)
  await write('main.mjs', 'import "./chunk.js"')
  await write(
    'index.html',
    '<script type="module" src="/module.js"></script><script src="/script.js"></script>',
  )
  await inject(dir)
  const isModule = async (name: string): Promise<boolean> => (await read(name)).includes('import.meta.url')
  expect([await isModule('module.js'), await isModule('script.js'), await isModule('chunk.js')]).toEqual([
    true,
    false,
    true,
  ])
})

test('the same source has the same id wherever it is built', async () => {
  const idIn = async (folder: string): Promise<string | undefined> => {
    const { outputFiles } = await build({
      stdin: { contents: 'throw new Error("x")', resolveDir: folder, sourcefile: 'a.js' },
      absWorkingDir: folder,
      outdir: folder,
      write: false,
      minify: true,
      sourcemap: true,
      plugins: [ohnoes.esbuild({ upload: false })],
    })
    return readDebugId(outputFiles.find(({ path }) => path.endsWith('.js'))!.text)
  }
  expect(await idIn(dir)).toMatch(/-/)
  expect(await idIn(dir)).toBe(await idIn(tmpdir()))
})
