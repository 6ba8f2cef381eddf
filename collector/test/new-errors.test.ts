import { beforeEach, expect, test } from 'vitest'
import { createNewErrors, type NewErrors } from '../src/new-errors.ts'

let nowMs: number
let errors: NewErrors
beforeEach(() => {
  nowMs = 1e12
  errors = createNewErrors(() => nowMs)
})
const first = (from: number, to: number, maxPerS = Infinity) =>
  Array.from({ length: to - from }, (_, i) => errors.isFirst(`${from + i}`, maxPerS)).filter(Boolean).length

test('of each error one event is the first', () => {
  expect([first(0, 100), first(0, 100), first(50, 110)]).toEqual([100, 0, 10])
})

test('in a second no more are than may be, and the others have their turn', () => {
  expect([first(0, 250, 200), first(0, 250, 200)]).toEqual([200, 0])
  nowMs += 1000
  expect(first(0, 250, 200)).toBe(50)
})

test('who makes up errors without end makes it forget, but not what is in use', () => {
  first(0, 1)
  for (let i = 1; i < 200_000; i += 10_000) {
    expect(first(i, i + 10_000)).toBe(10_000)
    expect(first(0, 1)).toBe(0)
  }
  expect(first(1, 2)).toBe(1)
})

test('of an error that something was kept of there is no first', () => {
  errors.remember('7')
  expect(first(0, 10)).toBe(9)
})
