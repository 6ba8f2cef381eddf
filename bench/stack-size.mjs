// node bench/stack-size.mjs: what the stack part costs, minified and gzipped, by itself and in the bundle.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import ts from 'typescript'
import { bundle } from './bundle.mjs'

const STUBS = {
  'stack.ts': 'export const parseStack = () => []',
  'hash.ts': 'export const hash32 = () => 0, fingerprint = () => ""',
  'debug-ids.ts': 'export const debugImages = () => []',
}
const BUNDLE = `
  import './auto.ts'
  import { parseStack } from './stack.ts'
  import { fingerprint } from './hash.ts'
  import { debugImages } from './debug-ids.ts'
  self.parts = [parseStack, fingerprint, debugImages]`

const size = async (entry, stubs) => gzipSync(await bundle(entry, stubs), { level: 9 }).length
const print = (what, bytes) => console.log(what.padEnd(40), String(bytes).padStart(6))

for (const name of Object.keys(STUBS)) print(`${name} by itself`, await size(name))
const whole = await size(BUNDLE)
print('bundle with all three', whole)
for (const name of Object.keys(STUBS))
  print(`of which ${name}`, whole - (await size(BUNDLE, { [name]: STUBS[name] })))
const rest = await size(BUNDLE, STUBS)
print('of which all three', whole - rest)

// Sampling needs the 32-bit hash too.
const hash = `${readFileSync(new URL('../src/hash.ts', import.meta.url), 'utf8').replace(/export function fingerprint[^]*/, '')}
  export const fingerprint = hash32`
const code = ts.transpileModule(hash, { compilerOptions: { target: 'ES2018', module: 'ESNext' } }).outputText
print('  without the 32-bit hash', whole - (await size(BUNDLE, { ...STUBS, 'hash.ts': code })))
