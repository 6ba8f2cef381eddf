// The last step of the script's build: names of variables and an order of functions with which the text compresses well.
//
// A minifier gives the shortest names to the variables that are used most. Gzip cares less for length than for what
// stood there before: `e.push(t)` costs little where it is said a second time. So this looks, in a fixed series of
// trials, for names that make more of the text alike: 330 B less.

import { parse } from 'acorn'
import { analyze } from 'eslint-scope'
import MagicString from 'magic-string'
import { deflateRawSync } from 'node:zlib'
import { deflateRaw } from 'pako'

const ecmaVersion = 2022
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$'
const ESTIMATED_TRIALS = 30_000
const MEASURED_TRIALS = 8_000
const LONGEST = 5
const SEQUENCE = 5
const MAX_RISE = 40

/** Takes one minified `!function(){…}()` in ASCII, its functions in front of the rest, without shorthand properties. */
export const rename = {
  name: 'rename',
  renderChunk(code) {
    const ast = parse(code, { ecmaVersion, ranges: true })
    const variables = variablesOf(ast)
    const functions = functionsOf(ast)
    const end = functions.length && functions.at(-1).end
    search(variables, functions, createText(code, variables, functions))

    const renamed = new MagicString(code)
    for (const { name, oldName, starts } of variables)
      for (const start of starts) if (name !== oldName) renamed.update(start, start + oldName.length, name)
    for (const f of functions) if (f.end < end) renamed.move(f.start, f.end, end)
    return { code: renamed.toString(), map: renamed.generateMap({ hires: true }) }
  },
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

function functionsOf(ast) {
  const { expression } = ast.body[0]
  const { body } = (expression.argument || expression).callee.body
  return body.filter(({ type }) => type === 'FunctionDeclaration').map(({ start, end }) => ({ start, end }))
}

/** Keeps every change that makes nothing worse: first by the estimate, which is quick, then by the size itself. */
function search(variables, functions, text) {
  let seed = 1
  const random = n => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor((seed / 2 ** 32) * n)
  }

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
    const [from, to] = [random(functions.length), random(functions.length)]
    const move = (from, to) => functions.splice(to, 0, ...functions.splice(from, 1))
    move(from, to)
    return () => move(to, from)
  }

  for (let n = 0; n < ESTIMATED_TRIALS; n++) renameOne(0)
  let smallest = text.size()
  for (let n = 0; n < MEASURED_TRIALS; n++) {
    let undo = n % 3 === 0 && moveOne()
    while (!undo) undo = renameOne(MAX_RISE)
    const size = text.size()
    if (size > smallest) undo()
    else smallest = size
  }
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
 * The code as symbols, each a character or a variable. The estimate of its size goes with every change: how many
 * different sequences of 2 to 5 symbols there are, and how many bits the symbols would take by themselves.
 */
function createText(code, variables, functions) {
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
  const start = functions.length ? indexOf[functions[0].start] : 0
  const end = functions.length ? indexOf[functions.at(-1).end] : 0
  const bytes = new Uint8Array(code.length * 2)
  let length
  const write = (from, to) => {
    for (let i = from; i < to; i++) {
      if (symbols[i] > 127) bytes[length++] = symbols[i] >> 7
      bytes[length++] = symbols[i] & 127
    }
  }

  return {
    estimate: () => estimate,
    size() {
      length = 0
      write(0, start)
      for (const f of functions) write(indexOf[f.start], indexOf[f.end])
      write(end, symbols.length)
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
