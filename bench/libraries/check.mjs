// npm run locals-libraries: the libraries do the same instrumented as not, byte for byte.
import { createHash } from 'node:crypto'
import { build, installLibraries, LIBRARIES, readInput } from './build.mjs'

installLibraries()
const input = readInput()
let failed = 0
for (const library of LIBRARIES) {
  const outputs = []
  for (const minify of [false, true])
    for (const isInstrumented of [false, true]) {
      const { file } = await build(library, { isInstrumented, minify })
      const { run } = await import(file)
      outputs.push(await run(structuredClone(input)))
    }
  const [expected] = outputs
  const isSame = outputs.every(output => output === expected)
  if (!isSame) failed++
  const hash = createHash('sha256').update(expected).digest('hex').slice(0, 16)
  console.log(
    `${isSame ? 'same' : 'DIFFERENT'}  ${library.padEnd(12)} ${expected.length} characters, sha256 ${hash}`,
  )
}
console.log(`${LIBRARIES.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0) // React's scheduler leaves a port open
