import { afterEach, expect, test } from 'vitest'
import { $l } from '../../src/locals.ts'
import { instrument, type InstrumentOptions, type Table } from '../src/instrument.ts'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

const shop = `
function add(items) {
  const prices = items.map(item => item.price.amount)
  return prices.reduce((sum, price) => sum + price)
}
function total(cart, rate) {
  let sum = add(cart.items), tax
  tax = sum * rate
  return sum + tax
}
`

afterEach(() => {
  Reflect.deleteProperty(globalThis, '__ohnoes_locals')
})

test('each function that an error leaves shows its variables, innermost first', () => {
  const cart = { items: [{}] }
  expect(failureOf(shop + 'total(given, 0.2)', cart)).toEqual([
    ['add', { items: [{}], prices: undefined }],
    ['total', { cart, rate: 0.2, sum: undefined, tax: undefined }],
  ])
})

test('a block in a loop shows the variables of its turn, and then its function those of its own', () => {
  const code = `function each(list) {
    for (const item of list) { const name = item.name; const show = () => name + item; if (name > 1) throw new Error(show) }
  } each(given)`
  expect(failureOf(code, [{ name: 1 }, { name: 2 }])).toEqual([
    ['each', { item: { name: 2 }, name: 2 }],
    ['each', { list: [{ name: 1 }, { name: 2 }] }],
  ])
})

test('where blocks use one name for several variables, the table says which it is at a position', () => {
  const code = `function f(x) {
  { const y = 1; use(y) }
  { const y = 2; fail(y); { const x = 3; setTimeout(() => x) } }
}`
  const { table } = instrument(code, { filename: 'a.js' })
  const [whole, inner] = Object.values(table)
  expect(whole).toEqual({
    function: 'f',
    range: [1, 0, 4, 1],
    variables: [
      { name: 'x', range: [1, 0, 4, 1], value: 0 },
      { name: 'y', range: [2, 15, 2, 25], value: 1 },
      { name: 'y', range: [3, 15, 3, 64], value: 1 },
    ],
  })
  expect(inner).toEqual({
    function: 'f',
    range: [3, 26, 3, 62],
    variables: [{ name: 'x', range: [3, 39, 3, 62], value: 0 }],
    within: Object.keys(table)[0],
  })
})

test('a variable that was left alone is in the table without a value, since it may hide another', () => {
  const code = `function f(timer) { { const timer = start(() => stop(timer)); class A {} } try { g() } catch (timer) { h() } }`
  const [{ variables }] = Object.values(instrument(code, { filename: 'a.js' }).table) as [Table[string]]
  expect(variables.map(({ name, value }) => [name, value])).toEqual([
    ['timer', 0],
    ['A', undefined],
    ['timer', undefined],
    ['timer', undefined],
  ])
})

test.each([
  'password',
  'authToken',
  'apiKey',
  'userSession',
  'sessionId',
  'otp',
  'privateKey',
  '{ password: p }',
  '{ a: [{ "csrf-token": p }] }',
  '{ secret: p = 1 }',
  '...cookies',
])('a variable that looks secret is never taken: %s', pattern => {
  const taken = (code: string) => Object.values(instrument(code, { filename: 'a.js' }).table)
  expect(taken(`function f(${pattern}) { g() }`)).toEqual([])
  if (!pattern.startsWith('.')) expect(taken(`function f() { let ${pattern} = g() }`)).toEqual([])
})

test('a variable that is taken from a secret property is secret', () => {
  expect(instrument(`function f() { const p = form.password; g(p) }`, { filename: 'a.js' }).table).toEqual({})
})

test.each(['monkey', 'inside', 'accession', 'tokyo'])(
  'a variable that does not look secret is taken: %s',
  name => {
    expect(instrument(`function f(${name}) { g() }`, { filename: 'a.js' }).code).toContain(`[${name}]`)
  },
)

test.each([
  '/* ohnoes-no-locals */ function f(x) { g() }',
  '/*! ohnoes-no-locals */\nexport function f(x) { const inner = y => { g() } }',
  '// ohnoes-no-locals\nexport default class { m(x) { g() } }',
  'const o = { /* ohnoes-no-locals */ m(x) { g() } }',
  '/** ohnoes-no-locals */\nconst f = x => { g() }',
  'list.map(/* ohnoes-no-locals */ x => { g() })',
])('a comment leaves a function alone: %s', code => {
  expect(instrument(code, { filename: 'a.js' })).toEqual({ code, map: null, table: {} })
})

test.each([
  ['expression-bodied arrows', 'const f = x => g(x)'],
  ['functions that cannot throw', 'function f(a, b) { if (a === b) return { a }; return typeof a }'],
  ['functions without variables', 'function f() { return g() }'],
  ['functions that are all functions', 'function f(x) { "use strict"; function g() {} }'],
])('what has nothing to show is left alone: %s', (_, code) => {
  expect(instrument(code, { filename: 'a.js' })).toEqual({ code, map: null, table: {} })
})

test('ids are the same for the same path and code, and different for another path', () => {
  const ids = (filename: string) => Object.keys(instrument(shop, { filename }).table)
  expect(ids('src/a.js')).toEqual(ids('src/a.js'))
  expect(ids('src/a.js')[0]).toMatch(/^[\w-]{8}0$/)
  expect(ids('src/b.js')[0]).not.toBe(ids('src/a.js')[0])
})

test('a module imports the runtime once, last, and a script calls the global one', () => {
  const module = instrument(`'use client'\nexport ${shop.trim()}`, { filename: 'a.js' }).code
  expect(module.startsWith(`'use client'\nexport function`)).toBe(true)
  expect(module.endsWith('\nimport{$l}from"ohnoes/locals"')).toBe(true)
  const taken = instrument(`export const $l = 1\n${shop}`, { filename: 'a.js' }).code
  expect(taken.endsWith('\nimport{$l as $l1}from"ohnoes/locals"')).toBe(true)
  const script = instrument(`module.exports = 1\n${shop}`, { filename: 'a.js' }).code
  expect(script).not.toContain('import')
  expect(script).toContain('globalThis.__ohnoes_locals(')
})

test('with names inline the values have their names', () => {
  const { code } = instrument(shop, { filename: 'a.js', names: 'inline' })
  expect(code).toContain('{cart,rate,sum,tax}')
})

test('the map leads each place of the new text back to its place in the old one', () => {
  const { code, map } = instrument(shop + 'function late(x) { g(x); function moved() { h() } i(x) }', {
    filename: 'a.js',
  })
  const original = map!.sourcesContent![0]!
  const trace = new TraceMap(JSON.stringify(map))
  const lines = code.split('\n')
  for (const word of ['add', 'cart', 'tax', 'prices', 'moved', 'h()', 'i(x)']) {
    const line = lines.findIndex(text => text.includes(word))
    const found = originalPositionFor(trace, { line: line + 1, column: lines[line]!.indexOf(word) })
    expect(original.split('\n')[found.line! - 1]!.slice(found.column!)).toMatch(
      new RegExp(`^${word.replace(/[()]/g, '\\$&')}`),
    )
  }
})

test('what is no JavaScript is refused with its place', () => {
  expect(() => instrument('const a: string = 1', { filename: 'a.ts' })).toThrow(SyntaxError)
})

test('the error goes on where the runtime is missing, or fails', () => {
  const run = new Function(instrument(shop, { filename: 'a.js' }).code + ';total({ items: [{}] })')
  for (const runtime of [
    undefined,
    null,
    1,
    () => {
      throw new Error('ours')
    },
  ]) {
    Object.assign(globalThis, { __ohnoes_locals: runtime })
    expect(run).toThrow("Cannot read properties of undefined (reading 'amount')")
  }
})

/** Runs a script until it throws, and puts names to what it leaves behind, as the collector does. */
function failureOf(code: string, given: unknown, options: Partial<InstrumentOptions> = {}) {
  const { code: instrumented, table } = instrument(code, { filename: 'a.js', ...options })
  Object.assign(globalThis, { __ohnoes_locals: $l })
  try {
    new Function('given', instrumented)(given)
  } catch (error) {
    return ($l(error) ?? []).map(([id, values]) => {
      const { function: name, variables } = table[id]!
      const seen = variables.filter(({ value }) => value !== undefined)
      return [name, Object.fromEntries(seen.map(({ name, value }) => [name, (values as unknown[])[value!]]))]
    })
  }
  return 'nothing was thrown'
}
