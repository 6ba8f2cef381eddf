import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { $l } from '../src/locals.ts'

test('the variables of an error are kept until they are taken, innermost function first', () => {
  const error = new Error('a')
  $l(error, 'inner', [1])
  $l(error, 'outer', [2])
  expect($l(error)).toEqual([
    ['inner', [1]],
    ['outer', [2]],
  ])
  expect($l(error)).toBeUndefined()
})

test.each([new Error('deep'), 'a text'])('of %s the innermost 16 functions are kept', thrown => {
  for (let i = 0; i < 20; i++) $l(thrown, `f${i}`, [i])
  expect($l(thrown)?.map(([id]) => id)).toEqual(Array.from({ length: 16 }, (_, i) => `f${i}`))
})

test('of errors without end the last thousand are kept, those that are still on their way among them', () => {
  const errors = Array.from({ length: 5000 }, (_, i) => new Error(`${i}`))
  for (const error of errors) $l(error, 'f', [error.message])
  const kept = errors.map(error => !!$l(error))
  expect(kept.slice(-1000)).not.toContain(false)
  expect(kept.filter(Boolean).length).toBeLessThanOrEqual(2000)
})

test('one that is there already serves all instrumented code of a page', async () => {
  expect(globalThis).toHaveProperty('__ohnoes_locals', $l)
  vi.resetModules()
  expect((await import('../src/locals.ts')).$l).toBe($l)
})

test('errors do not mix, and a frozen one is as good as any', () => {
  const [one, other] = [Object.freeze(new TypeError('a')), new DOMException('b')]
  $l(one, 'f', ['one'])
  $l(other, 'f', ['other'])
  expect([$l(one), $l(other)]).toEqual([[['f', ['one']]], [['f', ['other']]]])
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
  expect($l(thrown)).toEqual([['inner'], ['outer']])
  expect($l(thrown)).toBeUndefined()
})

test('a string that is thrown once more on the same way starts anew', () => {
  for (let turn = 0; turn < 3; turn++) {
    $l('stop', 'inner', [])
    $l('stop', 'outer', [])
  }
  expect($l('stop')).toEqual([['inner'], ['outer']])
})

test('another value in between lets a string go', () => {
  $l('stop', 'inner', [])
  $l('go', 'other', [])
  expect($l('stop')).toBeUndefined()
  expect($l('go')).toEqual([['other']])
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
