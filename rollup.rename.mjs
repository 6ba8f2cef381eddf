// The last step of the script's build: names of variables and an order of functions with which the text compresses well.
//
// A minifier gives the shortest names to the variables that are used most. Gzip cares less for length than for what
// stood there before: `e.push(t)` costs little where it is said a second time. So this looks, in a fixed series of
// trials, for names and an order that make more of the text alike: 300 B less.
//
// What `npm run names` finds in minutes is kept in rollup.names.json, and taken for as long as the text is the same:
// 100 B less again. Any other text is searched for some seconds.

import { parse } from 'acorn'
import { analyze } from 'eslint-scope'
import MagicString, { Bundle } from 'magic-string'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { deflateRaw } from 'pako'

const KEPT = new URL('rollup.names.json', import.meta.url)
const ecmaVersion = 2022
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$'
const ESTIMATED_TRIALS = 30_000
const MEASURED_TRIALS = 8_000
const LONG_TRIALS = 300_000
const LONGEST = 5
const SEQUENCE = 5
const MAX_RISE = 40
// What a change may cost at first, where there is time to make good for it.
const MAX_SLACK_BYTES = 3

/** Takes one minified `!function(){…}()` in ASCII, its functions in front of the rest, without shorthand properties. */
export const rename = {
  name: 'rename',
  renderChunk(code, { fileName }) {
    const ast = parse(code, { ecmaVersion, ranges: true })
    const variables = variablesOf(ast)
    const parts = partsOf(ast)
    const { names, order } = choose(fileName, code, trials =>
      search(variables, createText(code, variables, parts), trials),
    )

    const renamed = new MagicString(code)
    variables.forEach(({ oldName, starts }, i) => {
      for (const start of starts)
        if (names[i] !== oldName) renamed.update(start, start + oldName.length, names[i])
    })
    const bundle = new Bundle({ separator: '' })
    for (const { start, end } of order.map(i => parts[i]))
      bundle.addSource({ filename: fileName, content: renamed.snip(start, end) })
    return { code: bundle.toString(), map: bundle.generateMap({ hires: true }) }
  },
}

/** What is kept for this text, or else what a search finds. */
function choose(fileName, code, search) {
  const kept = JSON.parse(readFileSync(KEPT))
  const of = createHash('sha256').update(code).digest('base64')
  const isLong = process.env.NAMES === 'long'
  if (kept[fileName]?.of === of && !isLong) return kept[fileName]
  const found = search(isLong ? LONG_TRIALS : MEASURED_TRIALS)
  if (isLong) writeFileSync(KEPT, JSON.stringify({ ...kept, [fileName]: { of, ...found } }) + '\n')
  return found
}

/** Each variable, where it is named, and what else is named where it can be seen: rivals cannot share a name. */
function variablesOf(ast) {
  const { scopes } = analyze(ast, { ecmaVersion })
  const variables = new Map()
  for (const found of scopes.flatMap(scope => scope.variables)) {
    const { name, identifiers, references } = found
    const places = [...identifiers, ...references.map(reference => reference.identifier)]
    const starts = [...new Set(places.map(place => place.start))]
    variables.set(found, { name, oldName: name, starts, rivals: new Set(), globals: new Set() })
  }
  for (const { variables: own, through } of scopes)
    for (const variable of own.map(found => variables.get(found))) {
      for (const { resolved, identifier } of through)
        if (resolved) makeRivals(variable, variables.get(resolved))
        else variable.globals.add(identifier.name)
      for (const found of own) makeRivals(variable, variables.get(found))
    }
  return [...variables.values()].filter(({ starts }) => starts.length) // `arguments` is everywhere
}

function makeRivals(one, other) {
  if (one === other) return
  one.rivals.add(other)
  other.rivals.add(one)
}

/** What is before the functions, each of them, and what is after them. */
function partsOf(ast) {
  const { expression } = ast.body[0]
  const { body } = (expression.argument || expression).callee.body
  const functions = body.filter(({ type }) => type === 'FunctionDeclaration')
  const cuts = [0, ...functions.map(({ start }) => start), functions.length && functions.at(-1).end, ast.end]
  return cuts.slice(1).map((end, i) => ({ start: cuts[i], end }))
}

/**
 * Tries names by the estimate, which is quick, then names and orders by the size itself. At first a change may make it
 * somewhat worse, in the end no more: so one gets out of what is best only among its neighbours.
 */
function search(variables, text, trials) {
  let seed = 1
  const random = n => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor((seed / 2 ** 32) * n)
  }
  const { order } = text
  const functions = order.length - 2 // between the first and the last part

  /** Tries one renaming; undefined where it is impossible or the estimate says no, else what undoes it. */
  const renameOne = maxRise => {
    const variable = variables[random(variables.length)]
    const name = random(3) ? LETTERS[random(LETTERS.length)] : variables[random(variables.length)].name
    const group = groupOf(variable, name)
    const pair = [variable.name, name]
    const exchange = () => text.exchange(group, pair)
    if (!group) return
    const before = text.estimate()
    exchange()
    if (text.estimate() <= before + maxRise) return exchange
    exchange()
  }
  const moveOne = () => {
    const [from, to] = [1 + random(functions), 1 + random(functions)]
    const move = (from, to) => order.splice(to, 0, ...order.splice(from, 1))
    move(from, to)
    return () => move(to, from)
  }
  const state = () => ({ names: variables.map(({ name }) => name), order: [...order] })

  for (let n = 0; n < ESTIMATED_TRIALS; n++) renameOne(0)
  let size = text.size()
  let smallest = size
  let best = state()
  for (let n = 0; n < trials; n++) {
    let undo = functions && n % 3 === 0 && moveOne()
    while (!undo) undo = renameOne(MAX_RISE)
    const slack = trials < LONG_TRIALS ? 0 : random(1 + MAX_SLACK_BYTES * (1 - n / trials) ** 2)
    const changed = text.size()
    if (changed > size + slack) undo()
    else size = changed
    if (size >= smallest) continue
    smallest = size
    best = state()
  }
  return best
}

/** All that exchange the two names, so that the variable can have the other one; none where a global has it. */
function groupOf(variable, name) {
  if (variable.name === name) return
  const group = new Set([variable])
  for (const { name: from, rivals, globals } of group) {
    const to = from === name ? variable.name : name
    if (globals.has(to)) return
    for (const rival of rivals) if (rival.name === to) group.add(rival)
  }
  return group
}

/**
 * The code as symbols, each a character or a variable. The estimate of its size goes with every change of names: how
 * many different sequences of 2 to 5 symbols there are, and how many bits the symbols would take by themselves.
 */
function createText(code, variables, parts) {
  const symbols = []
  const starts = new Map(variables.flatMap(variable => variable.starts.map(start => [start, variable])))
  const indexOf = [] // of a place in the code among the symbols
  for (const variable of variables) variable.at = []
  for (let i = 0; i < code.length; i++) {
    indexOf[i] = symbols.length
    const variable = starts.get(i)
    if (variable) {
      variable.at.push(symbols.length)
      i += variable.name.length - 1
    }
    symbols.push(symbolOf(variable ? variable.name : code[i]))
  }
  indexOf[code.length] = symbols.length
  let estimate = 0
  const sequences = new Int32Array(2 ** 20)
  const uses = new Int32Array(2 ** 14)

  const count = (start, by) => {
    let hash = 0
    for (let length = 1; length <= LONGEST; length++) {
      hash = Math.imul(hash ^ symbols[start + length - 1], 0x9e3779b1)
      hash ^= hash >>> 15
      if (length === 1) continue
      const before = sequences[hash & 0xfffff]
      const after = (sequences[hash & 0xfffff] += by)
      if (!before || !after) estimate += by * SEQUENCE
    }
  }
  const use = (symbol, by) => {
    estimate += bits(uses[symbol])
    uses[symbol] += by
    estimate -= bits(uses[symbol])
    if (symbol > 127) estimate += by * 6
  }
  symbols.forEach((symbol, i) => {
    count(i, 1)
    use(symbol, 1)
  })

  const compress = compressorFor(Buffer.from(code))
  const bytes = new Uint8Array(code.length * 2)
  const order = parts.map((_, i) => i)

  return {
    order,
    estimate: () => estimate,
    size() {
      let length = 0
      for (const { start, end } of order.map(i => parts[i]))
        for (let i = indexOf[start]; i < indexOf[end]; i++) {
          if (symbols[i] > 127) bytes[length++] = symbols[i] >> 7
          bytes[length++] = symbols[i] & 127
        }
      return compress(bytes.subarray(0, length)).length
    },
    exchange(group, pair) {
      const touched = new Set()
      for (const { at } of group) for (const i of at) for (let n = 0; n < LONGEST; n++) touched.add(i - n)
      for (const start of touched) count(start, -1)
      for (const variable of group) {
        const [from, to] = variable.name === pair[0] ? pair : [pair[1], pair[0]]
        variable.name = to
        for (const i of variable.at) {
          use(symbolOf(from), -1)
          use((symbols[i] = symbolOf(to)), 1)
        }
      }
      for (const start of touched) count(start, 1)
    },
  }
}

/** Node's zlib differs between its builds, pako is the same everywhere; where both agree the faster one does it. */
function compressorFor(sample) {
  const options = { level: 9 }
  const isSame = deflateRawSync(sample, options).equals(deflateRaw(sample, options))
  return bytes => (isSame ? deflateRawSync : deflateRaw)(bytes, options)
}

/** One number for a name of one or two letters. */
const symbolOf = name =>
  name.length > 1 ? (name.charCodeAt(0) << 7) + name.charCodeAt(1) : name.charCodeAt(0)

/** What n uses save; whole, so that undoing is exact. */
const bits = n => (n ? Math.round(n * Math.log2(n)) : 0)
