// A share of `npm run locals-libraries`: every function of a library instrumented, minified, it makes of the same input the
// same output as without, byte for byte.

import { fileURLToPath } from 'node:url'
import { build, readInput } from '../bench/libraries/build.mjs'
import { expect, test } from './browser.ts'
import { install } from './install.mjs'

const HERE = fileURLToPath(new URL('../bench/libraries/', import.meta.url))
const SHARE = ['fflate-workers', 'immer', 'marked', 'rxjs']

test('real libraries do the same instrumented as not', async ({ tab, server }) => {
  test.setTimeout(300_000)
  const problem = await install(HERE)
  test.skip(problem !== undefined, problem)
  const serve = (path: string, type: string, body: string) =>
    server.route(path, (_request, response) => response.writeHead(200, { 'Content-Type': type }).end(body))
  serve('/blank.html', 'text/html', '<!doctype html><title>libraries</title>')
  serve('/input.json', 'application/json', JSON.stringify(readInput()))
  await tab.goto(`${server.origin}/blank.html`)

  for (const library of SHARE) {
    const outputs: string[] = []
    for (const isInstrumented of [false, true]) {
      const { code } = await build(library, { isInstrumented, minify: true, isForPage: true })
      expect(code.includes('__ohnoes_locals')).toBe(isInstrumented)
      const path = `/${library}.${isInstrumented}.js`
      serve(path, 'text/javascript', code)
      const output = await tab.run(
        async path => (await import(path)).run(await (await fetch('/input.json')).json()) as Promise<string>,
        path,
      )
      expect(output.length).toBeGreaterThan(10_000)
      outputs.push(output)
    }
    expect(outputs[0] === outputs[1], library).toBe(true)
  }
})
