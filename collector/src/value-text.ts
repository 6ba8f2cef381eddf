import { isObject } from './json.ts'

// Variables as one line each, as consoles show them. The bundle sends what JSON has no word for as a text that says what it
// is (src/copy.ts); all other texts are shown in quotes.

const LABEL =
  /^(?:<[^]*>|ƒ .*|\(…\)|\[[\w$ ]+\]|(?:Array|Map|Set)\(\d+\)|NaN|-?Infinity|… \d+ more|\[Filtered\])$/
const MORE = /^… (\d+) more$/

export type ValueKind = 'text' | 'number' | 'boolean' | 'null' | 'label' | 'object'

export function kindOf(value: unknown): ValueKind {
  if (typeof value === 'string') return LABEL.test(value) ? 'label' : 'text'
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value as 'number' | 'boolean'
  return value === null ? 'null' : 'object'
}

/** `Array(312) [1, 2, …]`, `{id: 7, name: "tea"}`, `<button[id="buy"]>`, `undefined`. */
export function valueText(value: unknown): string {
  if (value === '<undefined>') return 'undefined'
  if (kindOf(value) === 'label') return String(value)
  if (Array.isArray(value)) return arrayText(value)
  if (!isObject(value)) return JSON.stringify(value) ?? 'undefined'
  const entries = Object.entries(value).map(([key, own]) =>
    key === '…' ? '…' : `${keyText(key)}: ${valueText(own)}`,
  )
  return `{${entries.join(', ')}}`
}

function arrayText(list: unknown[]): string {
  const more = MORE.exec(String(list.at(-1)))?.[1]
  const shown = more === undefined ? list : list.slice(0, -1)
  const items = [...shown.map(valueText), ...(more === undefined ? [] : ['…'])]
  return `Array(${shown.length + Number(more ?? 0)}) [${items.join(', ')}]`
}

const keyText = (key: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : JSON.stringify(key)
