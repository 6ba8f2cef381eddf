// A process with nothing else in it: beside what the bench itself loads postcss took half as long again, in some of them. It
// has no other thread either, whose time would be counted.
import { cpuMs, ratiosOf } from './pairs.mjs'

process.once('message', async ([files, input]) => {
  process.send(await ratiosOf(files, input, cpuMs), () => process.exit())
})
