// npm run locals-libraries: the libraries do the same instrumented as not, byte for byte, in Node and in browsers.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { setUpEngines, wantedEngines } from '../../e2e/engines.mjs'
import { build, installLibraries, LIBRARIES, readInput } from './build.mjs'
import { openBrowser } from './page.mjs'

installLibraries()
const engines = wantedEngines()
await setUpEngines(engines)
const input = readInput()
let failed = 0

await compare('node', async library => {
  const { run } = await import(library)
  return run(structuredClone(input))
})
for (const engine of engines) {
  const browser = await openBrowser(engine)
  await compare(engine, file =>
    browser.run(
      async name => (await import(`/${name}`)).run(await (await fetch('/input')).json()),
      basename(file),
    ),
  )
  await browser.close()
}
console.log(`${LIBRARIES.length * (1 + engines.length) - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0) // React's scheduler leaves a port open

/** @type {(where: string, runFile: (file: string) => Promise<string>) => Promise<void>} */
async function compare(where, runFile) {
  for (const library of LIBRARIES) {
    const outputs = []
    for (const minify of [false, true])
      for (const isInstrumented of [false, true]) {
        const { file } = await build(library, { isInstrumented, minify, isForPage: where !== 'node' })
        outputs.push(await runFile(file))
      }
    const [expected = ''] = outputs
    const isSame = outputs.every(output => output === expected)
    if (!isSame || !expected) failed++
    const hash = createHash('sha256').update(expected).digest('hex').slice(0, 16)
    console.log(
      `${isSame ? 'same' : 'DIFFERENT'}  ${where.padEnd(8)}  ${library.padEnd(14)} ${expected.length} characters, sha256 ${hash}`,
    )
  }
}
