// What ships, and nothing else: this file loads dist/ only.

import { parse } from 'acorn'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SCRIPTS = ['ohnoes.js', 'snippet.js', 'vitals.js']
const read = (path: string) => readFileSync(ROOT + path, 'utf8')
const json = (path: string) => JSON.parse(read(path))

const built = readdirSync(`${ROOT}dist`).filter(name => /\.m?js$/.test(name))
const pkg = json('package.json') as {
  version: string
  exports: Record<string, string | Record<string, string>>
}
/** Subpath → declarations and code: `.` → `./dist/types/index.d.ts`, `./dist/index.mjs`. */
const entries = Object.entries(pkg.exports).flatMap(([subpath, target]) =>
  typeof target === 'string' ? [] : [{ name: posix.join('ohnoes', subpath), ...target }],
) as { name: string; types: string; default: string }[]

test.each(SCRIPTS)('%s is ES2018, and one script', file => {
  expect(() => parse('try {} catch {}', { ecmaVersion: 2018 })).toThrow()
  expect(() => parse(read(`dist/${file}`), { ecmaVersion: 2018, sourceType: 'script' })).not.toThrow()
})

test('modules import each other and nothing else, and dist/ holds no module that nobody imports', () => {
  const reached = new Set<string>()
  const visit = (file: string) => {
    if (reached.has(file)) return
    reached.add(file)
    const { body } = parse(read(file), { ecmaVersion: 2022, sourceType: 'module' })
    for (const node of body) {
      const source = 'source' in node && node.source
      if (source) visit(posix.join('dist', String(source.value)))
    }
  }
  for (const { default: file } of entries) visit(posix.normalize(file))
  expect(reached.size).toBeGreaterThanOrEqual(entries.length)
  const modules = built.filter(name => name.endsWith('.mjs')).map(name => `dist/${name}`)
  expect([...reached].sort()).toEqual(modules.sort())
})

test('every version is the same one', () => {
  const versions = ['package.json', 'collector/package.json', 'plugin/package.json'].map(
    path => json(path).version,
  )
  const { VERSION } = /VERSION = ['"](?<VERSION>[^'"]+)/.exec(read('dist/protocol.mjs'))!.groups!
  expect(versions).toEqual([VERSION, VERSION, VERSION])
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+/)
})

test('integrity.json has the hash of each script', () => {
  const hashes = SCRIPTS.map(file => {
    const hash = createHash('sha384').update(readFileSync(`${ROOT}dist/${file}`))
    return [file, `sha384-${hash.digest('base64')}`]
  })
  expect(json('dist/integrity.json')).toEqual(Object.fromEntries(hashes))
})

test.each(built)('the source map of %s leads to src/, that of the vitals also to web-vitals', file => {
  const map = json(`dist/${file}.map`) as SourceMapPayload
  // The stack entry only hands on what a chunk exports.
  const isEmpty = !map.mappings
  if (isEmpty) expect(read(`dist/${file}`)).toMatch(/^export \{[^}]*\} from '[^']*';/)
  else expect(map.sources.length).toBeGreaterThan(0)
  for (const source of map.sources) {
    const path = posix.join('dist', source)
    expect(path).toMatch(
      file.startsWith('vitals') ? /^(src|node_modules\/web-vitals)\// : /^src\/[\w-]+\.ts$/,
    )
    expect(existsSync(ROOT + path), path).toBe(true)
  }
})

test.each([
  ['ohnoes.js', '(https?:'],
  ['index.mjs', '(https?:'],
  ['snippet.js', 'createPolicy('],
  ['vitals.js', 'browser.web_vital.'],
  ['vitals.mjs', 'browser.web_vital.'],
])('a place in %s is found in its source: %j', (file, text) => {
  const lines = read(`dist/${file}`).split('\n')
  const line = lines.findIndex(text_ => text_.includes(text))
  const column = lines[line]!.indexOf(text)
  const entry = new SourceMap(json(`dist/${file}.map`)).findEntry(line, column)
  if (!('originalSource' in entry)) throw new Error(`no mapping for ${file}:${line}:${column}`)
  const source = read(posix.join('dist', entry.originalSource)).split('\n')
  expect(source[entry.originalLine]).toContain(text)
})

test.each(entries)('$name declares a type for each thing it exports', async ({ name, types }) => {
  const program = ts.createProgram([ROOT + types], { noResolve: false, skipLibCheck: true })
  const checker = program.getTypeChecker()
  const file = checker.getSymbolAtLocation(program.getSourceFile(ROOT + types)!)!
  const isValue = (symbol: ts.Symbol) => {
    const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return (flags & ts.SymbolFlags.Value) !== 0
  }
  const declared = checker.getExportsOfModule(file).filter(isValue)
  const exported = await inNode(`Object.keys(await import('${name}')).sort()`)
  expect(declared.map(symbol => symbol.name).sort()).toEqual(exported)
  expect(exported.length).toBeGreaterThan(0)
})

test('without a page every call does nothing and throws nothing', async () => {
  const report = await inNode(`
    const before = [...Reflect.ownKeys(globalThis)]
    const touched = []
    const nothing = { fetch() { touched.push('fetch') }, addEventListener() { touched.push('listener') } }
    Object.assign(globalThis, nothing)
    for (const level of ['log', 'info', 'warn', 'error']) console[level] = (...args) => touched.push(args.join(' '))
    process.on('unhandledRejection', error => touched.push(String(error)))

    const api = await import('ohnoes')
    const called = []
    const call = async (name, ...args) => {
      called.push(name)
      return api[name](...args)
    }
    const error = new Error('on a server')
    const results = {
      init: await call('init', { dsn: 'https://key@example.com/1', debug: true }),
      isInitialized: await call('isInitialized'),
      captureException: await call('captureException', error, { tags: { a: 'b' } }),
      captureMessage: await call('captureMessage', 'text', 'warning'),
      captureEvent: await call('captureEvent', { message: 'text' }),
      addBreadcrumb: await call('addBreadcrumb', { message: 'crumb' }),
      setUser: !!(await call('setUser', { id: 1 })),
      setTag: !!(await call('setTag', 'a', 'b')),
      setTags: !!(await call('setTags', { a: 'b' })),
      setExtra: !!(await call('setExtra', 'a', { b: 1 })),
      setExtras: !!(await call('setExtras', { a: 1 })),
      setContext: !!(await call('setContext', 'a', { b: 1 })),
      addFeatureFlag: await call('addFeatureFlag', 'flag', true),
      setConsent: await call('setConsent', true),
      addEventProcessor: !!(await call('addEventProcessor', event => event)),
      getCurrentScope: !!(await call('getCurrentScope')),
      withScope: await call('withScope', scope => scope.setTag('a', 'b') && 'returned'),
      lastEventId: await call('lastEventId'),
      flush: await call('flush', 10),
      close: await call('close', 10),
      stats: await call('getStats'),
    }
    const notCalled = Object.keys(api).filter(name => !called.includes(name))
    const added = Reflect.ownKeys(globalThis).filter(key => !before.includes(key) && !(key in nothing))
    ;({ results, notCalled, added: added.map(String), touched })
  `)
  expect(report).toEqual({
    results: {
      isInitialized: false,
      captureException: '',
      captureMessage: '',
      captureEvent: '',
      setUser: true,
      setTag: true,
      setTags: true,
      setExtra: true,
      setExtras: true,
      setContext: true,
      addEventProcessor: true,
      getCurrentScope: true,
      withScope: 'returned',
      flush: true,
      close: true,
      stats: { occurred: 0, restored: 0, admitted: 0, kept: 0, sent: 0, dropped: {}, hookErrors: 0 },
    },
    notCalled: [],
    added: [],
    touched: [],
  })
})

test('the other entries work without a page', async () => {
  const { isBuilt, frames, odd, sdk, sent } = await inNode(`
    const { parseStack } = await import('ohnoes/stack')
    const { SDK_NAME } = await import('ohnoes/protocol')
    const frames = parseStack(new Error('on a server'))
    const odd = [undefined, null, 0, 'text', {}, { stack: 7 }].map(parseStack)
    const { startVitals } = await import('ohnoes/vitals')
    const sent = []
    startVitals(items => sent.push(items))
    const isBuilt = ['ohnoes', 'ohnoes/stack', 'ohnoes/sampling', 'ohnoes/protocol', 'ohnoes/vitals'].every(name => import.meta.resolve(name).includes('/dist/'))
    ;({ isBuilt, frames, odd, sdk: SDK_NAME, sent })
  `)
  expect(isBuilt).toBe(true)
  expect(frames[0]).toMatchObject({ filename: expect.stringContaining('[eval'), lineno: expect.any(Number) })
  expect(odd).toEqual([[], [], [], [], [], []])
  expect(sdk).toBe('ohnoes')
  expect(sent).toEqual([])
})

/** Runs code in a Node of its own, which finds packages as an installed one would, and returns its last expression. */
async function inNode(code: string): Promise<any> {
  const lines = code.trim().split('\n')
  const last = lines.pop()!.trim().replace(/^;/, '')
  const script = `${lines.join('\n')}\nprocess.stdout.write(JSON.stringify(${last}))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
  })
  return JSON.parse(stdout)
}
