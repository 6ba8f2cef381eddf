// npm run corpus: which parser finds the frames that each suite of the shared corpus expects.
//
// Compared as the corpus' README says: "anonymous" and "native" are equal however they are written, `new`, `async`,
// `[as x]` and the receiver do not count, a null frame or a missing key asserts nothing, and a frame with neither a
// name nor a place may be there or not. Suites that contradict each other on one string: a parser passes with one
// of them.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadParser, PARSERS as names, prepare } from './parsers.mjs'

const file =
  process.env.STACK_CORPUS || fileURLToPath(new URL('../../shared/stacks/corpus.json', import.meta.url))
const isStrict = process.argv.includes('--strict')

// Why the cases fail that do.
const OPERA = 'Opera 9 to 12 (`fn([arguments not available])@`), of which no browser is left'
const NOT_IN_STACK = 'the expected frames are not in `stack` but in `stacktrace` or `message` (Opera 9 to 11)'
const INVENTED = 'a function or file whose own name has the form of a frame'
const REASONS = {
  'create-react-app/safari-eval':
    'contradiction: leaves out the line `eval@[native code]`, of which six other suites expect a frame',
  'closure-library/firefox/anonymous-function#2':
    'a URL without a position that ends in a parenthesis: `@javascript:alert(0)`',
  'errorstacks/chrome/should-only-parse-actual-stack':
    'made up: `at <Test>`, neither a name in front of a place nor a URL',
  'stack-utils/line-12': INVENTED,
  'stack-utils/line-24': INVENTED,
  'stack-utils/line-33': INVENTED,
  'stack-utils/line-34': INVENTED,
  'closure-library/v8/eval':
    'corrupt: cut off within the origin of an eval, without a parenthesis and a line',
  'closure-library/opera/name-and-empty-path': OPERA,
  'closure-library/opera/object-literal-function': OPERA,
  'closure-library/opera/named-object-literal-function': OPERA,
  'closure-library/opera/prototype-function': OPERA,
  'closure-library/opera/namespaced-prototype-function': OPERA,
  'tracekit/opera-9-27-error': NOT_IN_STACK,
  'sentry/opera/opera-10-error': NOT_IN_STACK,
  'sentry/opera/opera-11-error': NOT_IN_STACK,
}

if (!existsSync(file)) {
  console.log(`no corpus at ${file} (STACK_CORPUS names another place): nothing compared`)
  process.exit()
}
const cases = JSON.parse(readFileSync(file, 'utf8'))
const code = await prepare()
const parsers = {}
for (const name of names) parsers[name] = await loadParser(name, code)

const anonymous = /^(|\?|<unknown>|<anonymous>|anonymous|\(anonymous\)|<anonymous function>)$/
const native = /^(|\(?native\)?|\[?native code\]?|<anonymous>)$/

function lastPart(name) {
  const part = String(name ?? '')
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/^(async|new) /, '')
    .replace(/^.*\.(?=[^.])/, '')
  return anonymous.test(part) ? '' : part
}

const normal = frame =>
  frame && {
    ...('function' in frame && { function: lastPart(frame.function) }),
    ...('url' in frame && { url: native.test(frame.url ?? '') ? '' : String(frame.url).trim() }),
    ...('line' in frame && { line: frame.line ?? null }),
    ...('column' in frame && { column: frame.column ?? null }),
  }

const isEmpty = frame => frame && !frame.function && !frame.url && frame.line == null && frame.column == null

const isEqual = (frames, expected) =>
  frames.length == expected.length &&
  expected.every(
    (frame, i) => !frame || Object.entries(frame).every(([key, value]) => frames[i][key] === value),
  )

function passes(frames, expected) {
  const [a, b] = [frames.map(normal), expected.map(normal)]
  return (
    isEqual(a, b) ||
    isEqual(
      a.filter(frame => !isEmpty(frame)),
      b.filter(frame => !isEmpty(frame)),
    )
  )
}

function frames(name, { stack, name: type, message }) {
  try {
    return parsers[name](stack, type ?? 'Error', message ?? undefined)
  } catch {
    return []
  }
}

const table = {}
const failed = []
for (const one of cases) {
  const expectations = [one.expected, ...one.alternatives.map(other => other.expected)]
  for (const name of names) {
    const found = frames(name, one)
    const fits = suite =>
      isStrict
        ? passes(found, one.alternatives.find(other => other.suite == suite)?.expected ?? one.expected)
        : expectations.some(expected => passes(found, expected))
    for (const suite of one.suites) count(suite, name, fits(suite))
    const isPassed = isStrict ? passes(found, one.expected) : fits()
    count(`all: ${one.scope}`, name, isPassed)
    count('all', name, isPassed)
    if (name == 'ohnoes' && !isPassed) failed.push([one, found])
  }
}

function count(row, name, isPassed) {
  const cells = (table[row] ??= Object.fromEntries(names.map(name => [name, [0, 0]])))
  cells[name][0] += isPassed
  cells[name][1]++
}

const rows = Object.keys(table).sort((a, b) => a.startsWith('all') - b.startsWith('all') || (a < b ? -1 : 1))
console.log('suite'.padEnd(24), ...names.map(name => name.padStart(18)))
for (const row of rows)
  console.log(row.padEnd(24), ...names.map(name => table[row][name].join(' / ').padStart(18)))

console.log(`\nfailed by ohnoes: ${failed.length}`)
const show = list => list.map(frame => (frame ? JSON.stringify(normal(frame)) : 'any')).join('\n    ')
for (const [one, found] of failed) {
  console.log(`- ${one.id} (${one.scope}): ${REASONS[one.id] ?? 'NO REASON GIVEN'}`)
  if (process.argv.includes('--verbose'))
    console.log(
      `    ${one.stack}\n  expected\n    ${show(one.expected)}\n  found\n    ${show(found.map(({ ...f }) => f))}`,
    )
}
if (failed.some(([one]) => !REASONS[one.id])) process.exitCode = 1
