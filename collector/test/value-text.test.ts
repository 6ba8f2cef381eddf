import { expect, test } from 'vitest'
import { kindOf, valueText } from '../src/value-text.ts'

test.each([
  ['tea', '"tea"', 'text'],
  ['a "quote"\nand a line', '"a \\"quote\\"\\nand a line"', 'text'],
  ['<undefined>', 'undefined', 'label'],
  ['<button[id="buy"]>', '<button[id="buy"]>', 'label'],
  ['ƒ total', 'ƒ total', 'label'],
  ['Map(3)', 'Map(3)', 'label'],
  ['[Filtered]', '[Filtered]', 'label'],
  ['(…)', '(…)', 'label'],
  ['NaN', 'NaN', 'label'],
  [0, '0', 'number'],
  [false, 'false', 'boolean'],
  [null, 'null', 'null'],
  [[], 'Array(0) []', 'object'],
  [[1, 'a', null], 'Array(3) [1, "a", null]', 'object'],
  [[1, 2, '… 310 more'], 'Array(312) [1, 2, …]', 'object'],
  [{ id: 7, 'a b': { c: '[Object]' } }, '{id: 7, "a b": {c: [Object]}}', 'object'],
  [{ a: 1, '…': '… 40 more' }, '{a: 1, …}', 'object'],
])('%o is shown as %s, a %s', (value, text, kind) => {
  expect([valueText(value), kindOf(value)]).toEqual([text, kind])
})
