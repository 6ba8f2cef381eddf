// npm run locals-programs [-- --programs 20000 --seed 1 --path 4900 --shrink]: generated programs do the same
// instrumented as not, as they are and minified: the same values in the same order, the same errors with the same
// messages and stacks of the same length. The first that does not is printed, and with --shrink made as small as it can
// be; --path goes to it at once. Minifiers have faults of their own, which the code that is right before them brings
// out: of what they change, one in 500 may be theirs.

import fc from 'fast-check'
import { instrument } from 'ohnoes-plugin/instrument'
import { parseArgs } from 'node:util'
import { Script } from 'node:vm'
import { MINIFIERS } from '../minifiers.mjs'
import { generate } from './generate.mjs'
import { run } from './run.mjs'

// Names used before they are set, and constants assigned: minifiers take it that no program does that.
const BROKEN = /Cannot access|constant variable/

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    path: { type: 'string', default: '' },
    shrink: { type: 'boolean', default: false },
  },
})
const counts = {
  programs: 0,
  invalid: 0,
  refused: 0,
  functions: 0,
  blocks: 0,
  events: 0,
  errors: 0,
  records: 0,
  unminified: 0,
}
/** @typedef {[string, (code: string) => Promise<string | undefined>]} Minifier */
/** @typedef {'compared' | 'changed by the minifier itself' | 'changed by it once instrumented'} Outcome */
/** @type {Record<string, Record<Outcome, number>>} */
const minified = {}

let isBroken = false
/** @param {unknown} error */
const onRecord = error => {
  counts.records++
  isBroken ||= error instanceof Error && BROKEN.test(error.message)
}
Object.assign(globalThis, { __ohnoes_locals: onRecord })

const tapes = fc.array(fc.nat(255), { minLength: 40, maxLength: 900, size: 'max' })
const result = await fc.check(
  fc.asyncProperty(tapes, async tape => {
    const problem = await compare(generate(tape), tape.length)
    if (problem) throw new Error(problem)
  }),
  {
    numRuns: Number(values.programs),
    seed: Number(values.seed),
    path: values.path,
    endOnFailure: !values.shrink,
  },
)
console.log(counts, minified)
if (result.failed)
  console.log(result.errorInstance, `\nseed ${result.seed}, path ${result.counterexamplePath}`)
else if (!counts.functions || !counts.blocks || !counts.records || !counts.errors)
  console.log('nothing was tested')
const sum = (/** @type {Outcome} */ outcome) =>
  Object.values(minified).reduce((total, tally) => total + tally[outcome], 0)
const areMinifiersWell = sum('changed by it once instrumented') <= Math.max(1, sum('compared') / 500)
const failed = result.failed || !counts.records || !areMinifiersWell ? 1 : 0
console.log(`${result.numRuns - failed} passed, ${failed} failed`)
process.exit(failed)

/**
 * @param {string} code
 * @param {number} choice
 * @returns {Promise<string | undefined>} what is different
 */
async function compare(code, choice) {
  if (!isValid(code)) return void counts.invalid++
  const instrumented = attemptInstrument(code)
  // Acorn takes two functions of one name in a static block for an error.
  if (!instrumented) return void counts.refused++
  const entries = Object.values(instrumented.table)
  counts.programs++
  counts.blocks += entries.filter(({ within }) => within).length
  counts.functions += entries.filter(({ within }) => !within).length

  isBroken = false
  const expected = await run(code, false)
  counts.events += expected.length
  if (expected.some(line => line.startsWith('threw'))) counts.errors++
  const seen = await run(instrumented.code, false)
  if (differ(expected, seen)) return report('instrumented', instrumented.code, expected, seen)

  if (isBroken || expected.some(line => BROKEN.test(line))) return void counts.unminified++

  const [name, minify] = /** @type {Minifier} */ (Object.entries(MINIFIERS)[choice % 3])
  // Terser takes an async function in a block of sloppy code for a `var` of the function around it.
  if (name === 'terser' && !code.startsWith("'use strict'")) return void counts.unminified++
  const tally = (minified[name] ??= {
    compared: 0,
    'changed by the minifier itself': 0,
    'changed by it once instrumented': 0,
  })
  const plain = await run(code, true)
  const smaller = await minify(code).catch(() => undefined) // esbuild refuses to assign to a constant
  if (!smaller || differ(plain, await run(smaller, true)))
    return void tally['changed by the minifier itself']++
  tally.compared++
  const both = await minify(instrumented.code).catch(error => `throw ${JSON.stringify(String(error))}`)
  const trace = await run(both ?? '', true)
  if (!differ(plain, trace)) return
  tally['changed by it once instrumented']++
  console.log(report(name, `${instrumented.code}\n${both}`, plain, trace))
}

/** @param {string} code */
function attemptInstrument(code) {
  try {
    return instrument(code, { filename: 'program.js', runtime: 'global' })
  } catch (error) {
    if (error instanceof SyntaxError && 'pos' in error) return undefined
    throw error
  }
}

/** @param {string} code */
function isValid(code) {
  try {
    return !!new Script(code)
  } catch {
    return false
  }
}

/** @param {string[]} one @param {string[]} other */
function differ(one, other) {
  return one.length !== other.length || one.some((line, index) => line !== other[index])
}

/** @param {string} what @param {string} code @param {string[]} expected @param {string[]} seen */
function report(what, code, expected, seen) {
  const at = expected.findIndex((line, index) => line !== seen[index])
  return `${what}:\n${code}\nevent ${at}\n  expected ${expected[at]}\n  but saw  ${seen[at]}`
}
