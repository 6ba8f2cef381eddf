import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test, vi } from 'vitest'
import { $l, setMaxFrames, takeLocals } from '../src/locals.ts'

afterEach(() => setMaxFrames(16))

test('the variables of an error are kept until they are taken, innermost function first', () => {
  const error = new Error('a')
  $l(error, 'inner', [1])
  $l(error, 'outer', [2])
  expect(takeLocals(error)).toEqual([
    ['inner', [1]],
    ['outer', [2]],
  ])
  expect(takeLocals(error)).toEqual([])
})

test('of each error the innermost 16 functions are kept, or as many as one says', () => {
  const error = new Error('deep')
  for (let i = 0; i < 20; i++) $l(error, `f${i}`, [i])
  expect(takeLocals(error).map(([id]) => id)).toEqual(Array.from({ length: 16 }, (_, i) => `f${i}`))
  setMaxFrames(2)
  for (let i = 0; i < 20; i++) $l(error, `f${i}`, [i])
  expect(takeLocals(error)).toHaveLength(2)
  setMaxFrames(0)
  $l(error, 'f', [])
  expect(takeLocals(error)).toEqual([])
})

test('errors do not mix, and a frozen one is as good as any', () => {
  const [one, other] = [Object.freeze(new TypeError('a')), new DOMException('b')]
  $l(one, 'f', ['one'])
  $l(other, 'f', ['other'])
  expect([takeLocals(one), takeLocals(other)]).toEqual([[['f', ['one']]], [['f', ['other']]]])
})

test.each([
  ['a string'],
  [undefined],
  [null],
  [NaN],
  [5n],
  [{ status: 404 }],
  [Promise.resolve()],
  [() => {}],
])('of what is no Error only the way is kept: %s', thrown => {
  $l(thrown, 'inner', ['private'])
  $l(thrown, 'outer', ['private'])
  expect(takeLocals(thrown)).toEqual([['inner'], ['outer']])
  expect(takeLocals(thrown)).toEqual([])
})

test('a string that is thrown once more on the same way starts anew', () => {
  for (let turn = 0; turn < 3; turn++) {
    $l('stop', 'inner', [])
    $l('stop', 'outer', [])
  }
  expect(takeLocals('stop')).toEqual([['inner'], ['outer']])
})

test('another value in between lets a string go', () => {
  $l('stop', 'inner', [])
  $l('go', 'other', [])
  expect(takeLocals('stop')).toEqual([])
  expect(takeLocals('go')).toEqual([['other']])
})

test('what errors hold goes with them', async () => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  const collected = vi.fn()
  const registry = new FinalizationRegistry(collected)
  for (let i = 0; i < 100; i++) {
    const held = { i }
    registry.register(held, i)
    $l(new Error('gone'), 'f', [held])
  }
  await vi.waitUntil(() => (gc(), collected.mock.calls.length > 90))
})
