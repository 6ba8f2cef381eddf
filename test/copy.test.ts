import { expect, test } from 'vitest'
import { copy, LOCALS_LENGTH } from '../src/copy.ts'

test.each([
  ['a text', 'a text'],
  [true, true],
  [1.5, 1.5],
  [null, null],
  [undefined, undefined],
  [NaN, 'NaN'],
  [7n, '7'],
  [Symbol('s'), 'Symbol(s)'],
  [function total() {}, 'ƒ total'],
  [new Map([[1, 2]]), 'Map(1)'],
  [new Set([1, 2]), 'Set(2)'],
  [new TypeError('no'), 'TypeError: no'],
  [new Uint8Array(50_000_000), '[Uint8Array]'],
])('%o becomes %o', (value, plain) => {
  expect(copy(value)).toEqual(plain)
})

test('a date is a text once it leaves', () => {
  expect(JSON.stringify(copy({ at: new Date(0), never: new Date(NaN) }))).toBe(
    JSON.stringify({ at: `${new Date(0)}`, never: 'Invalid Date' }),
  )
})

test('what is nested is copied to its depth, and named below it', () => {
  expect(copy({ a: { b: { c: { d: 1 } } }, list: [[[[1]]]] })).toEqual({
    a: { b: { c: '[Object]' } },
    list: [['Array(1)']],
  })
})

test('values under secret keys are replaced, secrets in texts too', () => {
  expect(copy({ password: 'x', nested: { apiKey: 1 }, url: '/a?token=x' })).toEqual({
    password: '[Filtered]',
    nested: { apiKey: '[Filtered]' },
    url: '/a?token=[Filtered]',
  })
})

test('getters are not invoked', () => {
  const hostile = {
    plain: 1,
    get late(): never {
      throw new Error('invoked')
    },
  }
  expect(copy(hostile)).toEqual({ plain: 1, late: '(…)' })
})

test('a Proxy that throws and a revoked one have a name', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(copy({ proxy })).toEqual({ proxy: '[Proxy]' })
})

test('what is wide says how much more there was', () => {
  const list = copy(Array.from({ length: 312 }, (_, i) => i)) as unknown[]
  expect(list).toHaveLength(51)
  expect(list[50]).toBe('… 262 more')
  const wide = copy(Object.fromEntries(list.concat(list).map((_, i) => ['key' + i, i]))) as Record<
    string,
    unknown
  >
  expect(Object.keys(wide)).toHaveLength(51)
  expect(wide['…']).toBe('… 52 more')
})

test('a copy has at most 10,000 values or so, however the value branches', () => {
  const wide = (depth: number): object => Array.from({ length: 50 }, () => (depth ? wide(depth - 1) : 1))
  const count = (value: unknown): number =>
    value && typeof value == 'object' ? Object.values(value).reduce((sum: number, v) => sum + count(v), 1) : 1
  expect(count(copy(wide(3), 8))).toBeLessThan(11_000)
})

test('a copy holds nothing of the original', () => {
  const original = { inner: { n: 1 } }
  const plain = copy(original)
  original.inner.n = 2
  expect(plain).toEqual({ inner: { n: 1 } })
})

const copyLocals = (records: unknown) => copy(records, 5, 8192, LOCALS_LENGTH)
const record = (values: unknown) => (copyLocals([['id0', values]]) as [[string, unknown]])[0][1]

test('of variables each is copied to depth 2, breadth 10 and 120 characters, as many as a function has', () => {
  const list = Array.from({ length: 312 }, (_, i) => i)
  expect(record([{ a: { b: { c: 1 } } }, list, 'x'.repeat(121), ...list.slice(0, 40)])).toEqual([
    { a: { b: '[Object]' } },
    [...list.slice(0, 10), '… 302 more'],
    'x'.repeat(120) + '…',
    ...list.slice(0, 40),
  ])
})

test('of variables each says what it is, undefined too', () => {
  expect(record([undefined, null, NaN, [undefined], { gone: undefined }, () => {}])).toEqual([
    '<undefined>',
    null,
    'NaN',
    ['<undefined>'],
    { gone: '<undefined>' },
    'ƒ ',
  ])
})

test('of variables nothing is read through a getter, and nothing under a secret key', () => {
  const cart = {
    get total(): never {
      throw new Error('invoked')
    },
    token: 'abc',
  }
  expect(record({ cart, password: 'abc' })).toEqual({
    cart: { total: '(…)', token: '[Filtered]' },
    password: '[Filtered]',
  })
})

test('all variables of an error are 8 KB or so, the innermost first', () => {
  const records = Array.from({ length: 16 }, (_, i) => [
    `id${i}`,
    Array.from({ length: 12 }, () => 'text '.repeat(40)),
  ])
  const copied = copyLocals(records) as typeof records
  expect(JSON.stringify(copied).length).toBeLessThan(10_000)
  expect(copied[0]?.[1]).toHaveLength(12)
})

test('where no variables were kept there are none', () => {
  expect(copyLocals(undefined)).toBeUndefined()
})

test('an event is told by its type and what it came to', () => {
  class Fake extends EventTarget {
    readonly [Symbol.toStringTag] = 'HTMLButtonElement'
    readonly localName = 'button'
    getAttribute = (name: string) => (name == 'id' ? 'buy' : null)
  }
  const target = new Fake()
  let seen: Event | undefined
  target.addEventListener('click', event => (seen = event))
  target.dispatchEvent(new Event('click'))
  expect(copy({ seen })).toEqual({ seen: 'Event click' })
})
