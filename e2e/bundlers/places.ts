import { readFileSync, readdirSync } from 'node:fs'

// Where each case of the app breaks, as the comments in its source say.

/** A frame as it is to be shown. */
export interface Place {
  case: number
  /** 0 is the innermost. */
  depth: number
  /** undefined for a function without a name. */
  function: string | undefined
  filename: string
  lineno: number
  /** 1-based: engines point at different parts of one expression. */
  columns: [first: number, last: number]
}

const APP = new URL('app/', import.meta.url)
const COMMENT = /\/\/: ([\d. ]+) (\D.*) "([^"]+)"$/

export function knownPlaces(): Place[] {
  return readdirSync(APP)
    .filter(name => /\.(?:tsx?|cjs)$/.test(name))
    .flatMap(filename => {
      const lines = readFileSync(new URL(filename, APP), 'utf8').split('\n')
      return lines.flatMap((line, index) => placesIn(line, { filename, lineno: index + 1 }))
    })
}

function placesIn(line: string, at: { filename: string; lineno: number }): Place[] {
  const [, numbers = '', name = '', text = ''] = COMMENT.exec(line) ?? []
  const first = line.indexOf(text) + 1
  return numbers
    .split(' ')
    .filter(Boolean)
    .map(number => {
      const [one = 0, depth = 0] = number.split('.').map(Number)
      const columns: Place['columns'] = [first, first + text.length]
      return { case: one, depth, function: name === '-' ? undefined : name, ...at, columns }
    })
}
