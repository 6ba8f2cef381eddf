import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprint, hash32 } from '../src/hash.ts'
import type { StackFrame } from '../src/protocol.ts'

const FRAMES: StackFrame[] = [
  { function: 'Array.map', filename: '<anonymous>', in_app: false },
  {
    function: 'Cart.total',
    filename: 'https://a.b/assets/index-QYPoZyY2.js',
    lineno: 1,
    colno: 20,
    in_app: true,
  },
  { function: 'pay', filename: 'https://a.b/assets/index-QYPoZyY2.js', lineno: 1, colno: 90, in_app: true },
  { filename: 'https://a.b/vendor.3f2a9c1d.js', lineno: 2, colno: 5, in_app: true },
  { function: 'outer', filename: 'https://a.b/x.js', lineno: 7, colno: 1, in_app: true },
]
const of = (message: string, frames = FRAMES, type = 'TypeError') => fingerprint(type, message, frames)
const changed = (n: number, frame: Partial<StackFrame>) =>
  FRAMES.map((one, i) => (i == n ? { ...one, ...frame } : one))

describe('hash32', () => {
  // FNV-1a's published values (http://www.isthe.com/chongo/tech/comp/fnv/), through fmix32.
  const fmix32 = (h: number) => {
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    return (h ^ (h >>> 16)) >>> 0
  }
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('%j is FNV-1a, finished', (text, fnv) => expect(hash32(text)).toBe(fmix32(fnv)))

  test('reads UTF-8', () => {
    const fnv = (text: string) => Buffer.from(text).reduce((h, b) => Math.imul(h ^ b, 0x01000193), 0x811c9dc5)
    for (const text of ['é', '漢字', '😀 x', '\ud800']) expect(hash32(text)).toBe(fmix32(fnv(text)))
  })

  test('is uniform over the texts it is used for', () => {
    const buckets = new Array<number>(64).fill(0)
    for (let i = 0; i < 64_000; i++)
      buckets[Math.floor((hash32(`session-${i}:fingerprint`) / 2 ** 32) * 64)]!++
    // Chi-squared with 63 degrees of freedom: 1 in 10,000 above 117.
    expect(buckets.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(117)
  })
})

describe('the fingerprint', () => {
  test('is 16 hex digits, the same wherever it is computed', () => {
    expect(of('x is undefined')).toBe('058a923aef148e01')
  })

  test.each([
    ['User 12 not found', 'User 987654 not found'],
    ["Cannot find 'bob'", "Cannot find 'alice and others'"],
    ['Cannot find "bob"', "Cannot find 'alice'"],
    ["Can't find `a` in b", "Can't find `x y` in b"],
    ['id 6f9619ff-8b86-d011-b42d-00cf4fc964ff is gone', 'id 0a1b2c3d-0000-1111-2222-333344445555 is gone'],
    ['mail to bob@a.org failed', 'mail to alice@example.com failed'],
    ['GET https://a.b/users/1?x=y failed', 'GET https://a.b/teams/zz failed'],
    ['token eyJhbGciOiJIUzI.eyJzdWIi', 'token abcdefghijklmnopqrstuvw'],
    ['timeout after 12.5s', 'timeout after 3s'],
  ])('of %j and of %j is one', (a, b) => expect(of(a)).toBe(of(b)))

  test('tells apart types, words and places', () => {
    const all = [
      of('x is undefined'),
      of('x is undefined', FRAMES, 'Error'),
      of('y is undefined'),
      of('x is undefined', changed(1, { colno: 21 })),
      of('x is undefined', changed(2, { lineno: 3 })),
      of('x is undefined', changed(2, { filename: 'https://a.b/other.js' })),
      of('x is undefined', []),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  test('counts the first three frames', () => {
    expect(of('x', FRAMES.slice(0, 3))).toBe(of('x'))
    expect(of('x', changed(3, { lineno: 8 }))).toBe(of('x'))
  })

  test('counts a wasm frame by its address', () => {
    const wasm = (instruction_addr: string) => [{ filename: 'wasm://wasm/1', instruction_addr, in_app: true }]
    expect(of('x', wasm('0x1'))).not.toBe(of('x', wasm('0x2')))
  })

  test('does not count names of functions, queries and build hashes', () => {
    for (const frame of [
      { function: 'Object.total [as other]' },
      { function: 'total' },
      { filename: 'https://a.b/assets/index-AbC-_xyZ.js?v=3#x' },
    ])
      expect(of('x', changed(1, frame))).toBe(of('x'))
    expect(of('x', changed(2, { filename: 'https://a.b/index.0123456789ab.js' }))).toBe(of('x'))
    const blob = (id: string) => changed(1, { filename: `blob:https://a.b/${id}` })
    expect(of('x', blob('30543223-d8ae-4538-8e0d-3090566985fd'))).toBe(
      of('x', blob('c8f0f971-d852-4e27-b094-9e9cb342d41b')),
    )
  })

  test('exists for any text, in linear time', () => {
    const hex = /^[\da-f]{16}$/
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => hex.test(fingerprint(text, text, FRAMES))))
    for (const piece of ['"', "'", " '", "'a ", '`', ' ', 'a', '-', '1', 'a"b\'c`'])
      expect(of(piece.repeat(1e6 / piece.length), changed(1, { filename: piece.repeat(2000) }))).toMatch(hex)
  })
})
