// The language's features one by one: each file of cases/ says in its first line what stays as it is, and checks that
// by `is(actual, expected)`. It runs as it is, instrumented, and minified with and without.

import { readFileSync, readdirSync } from 'node:fs'
import { createContext, Script } from 'node:vm'
import { expect, test } from 'vitest'
import { instrument } from '../src/instrument.ts'
import { parseAsAcorn } from '../src/parse.ts'
import { MINIFIERS } from './minifiers.mjs'

interface Seen {
  actual: unknown[]
  expected: unknown[]
  /** The value that the script ends with. */
  completion: unknown
}

const folder = new URL('./cases/', import.meta.url)
const cases = readdirSync(folder).map(file => {
  const code = readFileSync(new URL(file, folder), 'utf8')
  return { file, code, title: code.slice(3, code.indexOf('\n')) }
})

test.each(cases)('$file: $title', async ({ file, code }) => {
  const plain = await run(file, code)
  expect(plain.expected.length).toBeGreaterThan(0)
  expect(plain.actual).toEqual(plain.expected)

  for (const names of ['artifact', 'inline'] as const) {
    const { code: instrumented, table } = instrument(code, { filename: file, names, runtime: 'global' })
    expect(Object.keys(table).length > 0).toBe(!code.includes('// left alone'))
    expect(await run(file, instrumented)).toEqual(plain)
    if (code.includes('// not for minifiers')) continue
    for (const minify of Object.values(MINIFIERS)) {
      // esbuild refuses to assign to a constant; terser takes a name in a default for one of the body.
      const minified = await minify(code)
        .then(smaller => run(file, smaller!))
        .catch(() => undefined)
      if (minified) expect(await run(file, (await minify(instrumented))!)).toEqual(minified)
    }
  }
})

test.each(cases)('$file becomes the same by either parser', ({ file, code }) => {
  const [one, other] = [undefined, parseAsAcorn].map(parser =>
    instrument(code, { filename: file, ...(parser && { parser }) }),
  )
  expect(other).toEqual(one)
})

async function run(file: string, code: string): Promise<Seen> {
  const seen: Seen = { actual: [], expected: [], completion: undefined }
  const waiting: Promise<void>[] = []
  const globals = {
    is: (actual: unknown, expected: unknown) => {
      seen.actual.push(plainCopy(actual))
      seen.expected.push(plainCopy(expected))
    },
    later: (job: () => Promise<void>) => waiting.push(job()),
    setTimeout: () => {},
    __ohnoes_locals: () => {},
  }
  if (file.endsWith('.mjs')) {
    const ours = { is: globals.is, __ohnoes_locals: globals.__ohnoes_locals }
    Object.assign(globalThis, ours)
    // Each time a module of its own.
    await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}#${performance.now()}`)
    for (const name of Object.keys(ours)) Reflect.deleteProperty(globalThis, name)
  } else seen.completion = plainCopy(new Script(code).runInContext(createContext(globals)))
  await Promise.all(waiting)
  return seen
}

/** Of this realm: a context has classes of its own. */
function plainCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, own]) => [key, plainCopy(own)] as const)
  return 'length' in value ? Object.assign([], Object.fromEntries(entries)) : Object.fromEntries(entries)
}
