// The last step of the script's build: says the same in the words that gzip likes best.
//
// A minifier gives the shortest names to the variables that are used most. Gzip cares less for length than for what
// stood there before: `e.push(t)` costs little where it is said a second time. So this looks, in a fixed series of
// trials, for names of variables and for orders of functions, properties and declarations that make more of the text
// alike: 480 B less.
//
// What `npm run names` finds in half an hour is kept in rollup.names.json, and taken for as long as the text is the same:
// 170 B less again; run once more it goes on from there. Any other text is searched for some seconds.

import { addMapping, GenMapping, toEncodedMap } from '@jridgewell/gen-mapping'
import { parse } from 'acorn'
import { analyze } from 'eslint-scope'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { search } from './search.mjs'
import { createText } from './text.mjs'
import { groupsOf, nodesOf, variablesOf } from './variants.mjs'

const KEPT = new URL('../rollup.names.json', import.meta.url)
const ecmaVersion = 2022
const TRIALS = 60_000
const LONG_TRIALS = 16_000_000

/** Takes a minified script in ASCII, without shorthand properties. */
export const rename = {
  name: 'rename',
  renderChunk(code, { fileName }) {
    const ast = parse(code, { ecmaVersion, ranges: true })
    const { scopes } = analyze(ast, { ecmaVersion })
    const groups = groupsOf(ast, code, scopes)
    const create = state => createText(code, variablesOf(scopes), groups, state)
    const characters = create(choose(fileName, JSON.stringify([code, groups]), create)).characters()
    const renamed = characters.map(({ character }) => character).join('')
    const renamedAst = parse(renamed, { ecmaVersion, ranges: true })
    if (summaryOf(renamedAst) !== summaryOf(ast))
      throw new Error('The search has changed what the script does.')
    return {
      code: renamed,
      map: mapOf(characters, code, fileName),
    }
  },
}

/** What neither names nor orders change: which kinds of syntax there are, how often, and which globals are named. */
function summaryOf(ast) {
  const [{ through }] = analyze(ast, { ecmaVersion }).scopes
  const globals = through.map(({ identifier }) => identifier.name)
  return [...globals, ...[...nodesOf(ast)].map(({ type }) => type)].sort().join()
}

/** What is kept for this text, or else what a search finds. */
function choose(fileName, text, create) {
  const all = JSON.parse(readFileSync(KEPT))
  const of = createHash('sha256').update(text).digest('base64')
  const kept = all[fileName]?.of === of ? all[fileName] : undefined
  const isLong = process.env.NAMES === 'long'
  if (kept && !isLong) return kept
  const found = search(create(kept), isLong ? LONG_TRIALS : TRIALS, kept !== undefined)
  if (isLong) writeFileSync(KEPT, JSON.stringify({ ...all, [fileName]: { of, ...found } }) + '\n')
  return found
}

/** Each character leads to where it was: a frame's column is that of a character. */
function mapOf(characters, code, source) {
  const map = new GenMapping({ file: source })
  const place = { line: 1, column: 0 }
  const places = [...code].map(character => {
    const { line, column } = place
    place.column++
    if (character === '\n') Object.assign(place, { line: line + 1, column: 0 })
    return { line, column }
  })
  const generated = { line: 1, column: 0 }
  for (const { character, origin } of characters) {
    addMapping(map, { generated, original: places[origin], source })
    generated.column++
    if (character === '\n') Object.assign(generated, { line: generated.line + 1, column: 0 })
  }
  return toEncodedMap(map)
}
