import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GenMapping, setSourceContent, toEncodedMap, addMapping } from '@jridgewell/gen-mapping'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { expect, onTestFinished, test } from 'vitest'
import { functionScopes } from '../src/maps/function-scopes.ts'
import { partsOf, sourcePath } from '../src/maps/pack-map.ts'
import { openPackedMap, type PackedMap, writePackedMap } from '../src/maps/packed-map.ts'
import { repeatableRandom } from './running-collector.ts'

function packed(map: object, code: string | null = null): PackedMap {
  const dir = mkdtempSync(join(tmpdir(), 'ohnoes-maps-'))
  writePackedMap(join(dir, 'a'), partsOf(JSON.stringify(map), code))
  const opened = openPackedMap(join(dir, 'a'))!
  onTestFinished(() => {
    opened.close()
    rmSync(dir, { recursive: true })
  })
  return opened
}

test.each([
  ['it is not JSON', 'nothing'],
  ['it is not a JSON object', '[]'],
  ['its version is not 3', '{"version":2}'],
  ['it has no mappings', '{"version":3}'],
  ['a number in its mappings overflows', { mappings: 'gggggggggB' }],
  ['its mappings are not base64 VLQ', { mappings: 'AA§A' }],
  ['its mappings are not base64 VLQ', { mappings: 'AAg' }],
  ['a segment of its mappings has more than five fields', { mappings: 'AAAAAA', names: ['a'] }],
  ['its mappings refer to number 1 of 1 sources', { mappings: 'ACAA' }],
  ['its mappings refer to number 0 of 0 names', { mappings: 'AAAAA' }],
  ['its mappings lead to originalLines -1', { mappings: 'AADA' }],
  ['its mappings lead to columns -1', { mappings: 'DAAA' }],
  ['it has more than 4000000 lines', { mappings: ';'.repeat(4_000_001) }],
  ['it has more than 8000000 segments', { mappings: 'A,'.repeat(8_000_001) }],
  ['it has more than 2000000 names', { names: Array(2_000_001).fill('a') }],
  ['its sources are not a list', { sources: {} }],
  ['at another address, which is never fetched', { sections: [{ url: 'http://127.0.0.1/' }] }],
  ['or has sections itself', { sections: [{ offset: { line: 0, column: 0 }, map: { sections: [] } }] }],
  ['has no offset', { sections: [{ offset: { line: -1, column: 0 }, map: {} }] }],
  [
    'its sections overlap',
    { sections: [9, 3].map(line => ({ offset: { line, column: 0 }, map: { mappings: 'A' } })) },
  ],
])('what does not hold together or is too much is refused: %s', (reason, map) => {
  const text =
    typeof map === 'string' ? map : JSON.stringify({ version: 3, sources: ['a.ts'], mappings: '', ...map })
  expect(() => partsOf(text, null)).toThrow(reason)
})

test('every position of a random map leads where a decoder of others says', () => {
  const random = repeatableRandom(8)
  const draw = (below: number): number => Math.floor(random() * below)
  const generated = new GenMapping()
  for (let line = 1; line <= 40; line++)
    for (let column = draw(5); column < 300; column += 1 + draw(30)) {
      const at = { generated: { line, column } }
      const source = `src/${draw(4)}.ts`
      const original = { line: 1 + draw(500), column: draw(90) }
      if (random() < 0.1) addMapping(generated, at)
      else if (random() < 0.5) addMapping(generated, { ...at, source, original })
      else addMapping(generated, { ...at, source, original, name: `name${draw(20)}` })
    }
  const map = toEncodedMap(generated)
  const ours = packed(map)
  const theirs = new TraceMap(JSON.stringify(map))
  let resolved = 0
  for (let line = 1; line <= 41; line++)
    for (let column = 0; column < 320; column++) {
      const found = ours.originalAt(ours.segmentAt(line - 1, column))
      const expected = originalPositionFor(theirs, { line, column })
      expect(
        found && [ours.fileAt(found.file)!.path, found.line + 1, found.column, found.name ?? null],
      ).toEqual(
        expected.source === null
          ? undefined
          : [expected.source, expected.line, expected.column, expected.name],
      )
      if (found) resolved++
    }
  expect(resolved).toBeGreaterThan(5000)
})

test('the sections of an index map are where their offsets say', () => {
  const section = (source: string) => ({ version: 3, sources: [source], names: [], mappings: 'AAAA;AACA' })
  const map = packed({
    version: 3,
    sections: [
      { offset: { line: 0, column: 10 }, map: section('a.ts') },
      { offset: { line: 1, column: 50 }, map: section('b.ts') },
    ],
  })
  const placeOf = (line: number, column: number) => {
    const found = map.originalAt(map.segmentAt(line, column))
    return found && `${map.fileAt(found.file)!.path}:${found.line}`
  }
  expect([placeOf(0, 9), placeOf(0, 10), placeOf(1, 49), placeOf(1, 50), placeOf(2, 0)]).toEqual([
    undefined,
    'a.ts:0',
    'a.ts:1',
    'b.ts:0',
    'b.ts:1',
  ])
})

test('the source of a file comes back as it was, whatever is in it', () => {
  const generated = new GenMapping()
  const contents = ['a\u2028é😀\r\n', '', null]
  for (const [index, content] of contents.entries()) {
    addMapping(generated, {
      generated: { line: 1, column: index },
      source: `${index}.ts`,
      original: { line: 1, column: 0 },
    })
    setSourceContent(generated, `${index}.ts`, content)
  }
  const map = packed(toEncodedMap(generated))
  expect(contents.map((_, index) => map.contentOf(index))).toEqual(contents)
})

test.each(['ignoreList', 'x_google_ignoreList'])('sources on %s and in node_modules are of others', list => {
  const sources = ['src/a.ts', 'vendor/b.js', 'node_modules/c/c.js', 'src/node_modules.ts']
  const map = packed({ version: 3, sources, mappings: 'AAAA', [list]: [1] })
  expect(sources.map((_, file) => map.fileAt(file)!.isForeign)).toEqual([false, true, true, false])
})

test.each([
  [
    'src/a.ts',
    ['webpack://shop/./src/a.ts', '../../src/a.ts', 'src/a.ts?1a2b', './src/../src/a.ts', '\\src\\a.ts'],
  ],
  ['src/a.ts', ['webpack:///src/a.ts', '/src/a.ts', 'file:///src/a.ts']],
  ['https://cdn.example/a.js', ['https://cdn.example/a.js']],
])('a source is called %s however bundlers spell it', (path, spellings) => {
  expect(spellings.map(spelling => sourcePath(spelling))).toEqual(spellings.map(() => path))
})

/** What @swc/core 1.16.22 writes with `jsc.experimental.emitSourceMapScopes`. */
const SWC = JSON.parse(readFileSync(new URL('fixtures/swc-scopes.json', import.meta.url), 'utf8')).plain.map
/** Without the ranges of the generated file, which the format has in a field of its own since June 2026. */
const SWC_SCOPES = SWC.scopes.slice(0, SWC.scopes.indexOf(',E'))

/** How the map calls the function around a text of the source. */
function nameAround(map: PackedMap, text: string, file = 0): string | undefined {
  const lines: string[] = SWC.sourcesContent[0].split('\n')
  const line = lines.findIndex(one => one.includes(text))
  return map.originalNameAt({ file, line, column: lines[line]!.indexOf(text) })
}

test.each([
  ['one text', 0, { scopes: SWC.scopes }],
  ['one text, the first source without', 1, { scopes: `A,${SWC.scopes}` }],
  ['one text, the first source empty', 1, { scopes: `,${SWC.scopes}` }],
  ['a text for each source', 0, { scopes: [SWC_SCOPES] }],
  ['a text for each source, the first without', 1, { scopes: [null, SWC_SCOPES] }],
  ['a text for each source, more than there are', 1, { scopes: ['', SWC_SCOPES, SWC_SCOPES] }],
])('the scopes of a map name the functions of its sources: %s', (_, file, scopes) => {
  const map = packed({ ...SWC, ...scopes, sources: ['a.ts', 'b.ts'] })
  expect(nameAround(map, 'throw', file)).toBe('priceOf')
  expect(nameAround(map, 'return basket', file)).toBe('checkout')
  expect(nameAround(map, 'new Basket', file)).toBe('checkout')
  // SWC gives getters and what an arrow is assigned to no name, and code of the module has none.
  expect(nameAround(map, 'this.items', file)).toBeUndefined()
  expect(nameAround(map, 'Object.assign', file)).toBeUndefined()
  expect(nameAround(map, 'throw', 1 - file)).toBeUndefined()
})

test('each section of an index map has scopes of its own', () => {
  const section = (prefix: string) => ({ ...SWC, names: SWC.names.map((name: string) => prefix + name) })
  const map = packed({
    version: 3,
    sections: ['a.', 'b.'].map((prefix, at) => ({
      offset: { line: at * 100, column: 0 },
      map: section(prefix),
    })),
  })
  expect([0, 1].map(file => nameAround(map, 'throw', file))).toEqual(['a.priceOf', 'b.priceOf'])
})

test.each([
  ['an end without a start', 'CAA'],
  ['a start without its position', 'BE'],
  ['what is no number', 'BE§A'],
  ['a number that overflows', 'BEgggggggB'],
  ['a name that is not there', 'BFAAgE,CBA'],
  ['a position that no file has', ['BEA', 'CA'].map(item => `${item}/////B`).join(',')],
  ['more functions than anything has', 'BEAA,'.repeat(1_000_001)],
  ['not a text', { length: 1 }],
])('scopes that do not hold together leave positions as they are: %s', (_, scopes) => {
  for (const given of [scopes, [scopes]]) {
    const map = packed({ ...SWC, scopes: given })
    expect(map.originalAt(map.segmentAt(7, 4))).toMatchObject({ file: 0 })
    expect(nameAround(map, 'throw')).toBeUndefined()
  }
})

test.each([
  ['function add() { HERE }', 'add'],
  ['const add = () => HERE', 'add'],
  ['const add = function inner() { HERE }', 'inner'],
  ['exports.add = function () { HERE }', 'add'],
  ['const cart = { add() { HERE } }', 'add'],
  ['const cart = { "add": () => HERE }', 'add'],
  ['class Cart { add() { HERE } }', 'Cart.add'],
  ['const Cart = class { static add() { HERE } }', 'Cart.add'],
  ['class Cart { get total() { HERE } }', 'Cart.total'],
  ['class Cart { #add() { HERE } }', 'Cart.#add'],
  ['class Cart { constructor() { HERE } }', 'new Cart'],
  ['class Cart { items = HERE }', 'Cart.items'],
  ['class Cart { add = () => HERE }', 'Cart.add'],
  ['class Cart { items = list.map(() => HERE) }', null],
  ['function add() { list.map(() => HERE) }', null],
  ['function add(price = HERE) {}', 'add'],
  ['HERE', undefined],
  ['with (cart) { (function add() { HERE })() }', 'add'],
])('in %j the function is %s', (code, name) => {
  const at = code.indexOf('HERE')
  const scope = functionScopes(code)!.findLast(({ start, end }) => start <= at && at < end)
  const nameOf = ({ token, owner, kind }: NonNullable<typeof scope>) =>
    kind === 'constructor'
      ? `new ${owner?.text}`
      : token && [owner?.text, token.text].filter(Boolean).join('.')
  expect(scope && nameOf(scope)).toBe(name)
})
