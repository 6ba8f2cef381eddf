// Real libraries, every function of theirs instrumented, minified: in a browser they make of the same input the same output
// as without, byte for byte. `npm run locals-libraries` is the same in Node.

import { fileURLToPath } from 'node:url'
import { build, LIBRARIES, readInput } from '../bench/libraries/build.mjs'
import { expect, test } from './browser.ts'
import { install } from './install.mjs'

const HERE = fileURLToPath(new URL('../bench/libraries/', import.meta.url))

test('real libraries do the same instrumented as not', async ({ tab, server }) => {
  test.setTimeout(300_000)
  const problem = await install(HERE)
  test.skip(problem !== undefined, problem)
  const serve = (path: string, type: string, body: string) =>
    server.route(path, (_request, response) => response.writeHead(200, { 'Content-Type': type }).end(body))
  serve('/blank.html', 'text/html', '<!doctype html><title>libraries</title>')
  serve('/input.json', 'application/json', JSON.stringify(readInput()))
  await tab.goto(`${server.origin}/blank.html`)

  const lengths: Record<string, number> = {}
  // What makes workers of its functions does so in Node there.
  for (const library of LIBRARIES.filter(name => !name.endsWith('-workers'))) {
    const modules = ['plain', 'locals'].map(kind => `/${library}.${kind}.js`)
    for (const path of modules) {
      const { code } = await build(library, { isInstrumented: path.includes('.locals.'), minify: true })
      expect(code.includes('__ohnoes_locals')).toBe(path.includes('.locals.'))
      serve(path, 'text/javascript', code)
    }
    const { isSame, length } = await tab.run(async paths => {
      const outputs: string[] = []
      for (const path of paths) {
        const input = await (await fetch('/input.json')).json()
        outputs.push(await (await import(path)).run(input))
      }
      return { isSame: outputs[0] === outputs[1], length: outputs[0]!.length }
    }, modules)
    expect(isSame, library).toBe(true)
    lengths[library] = length
  }
  expect(Object.values(lengths).every(length => length > 10_000)).toBe(true)
})
