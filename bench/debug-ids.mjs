// npm run bench -- debug-ids: what 500 registered chunks cost at the first error, each time in a new process.
import { execFileSync } from 'node:child_process'
import { bundle } from './bundle.mjs'

const RUNS = 15
const code = await bundle('debug-ids.ts')
const program = `
  globalThis.self = globalThis
  const { debugImages } = await import('data:text/javascript;base64,${Buffer.from(code).toString('base64')}')
  const url = i => 'https://shop.example/assets/chunk-' + i + '-QYPoZyY2.js'
  const chunks = Array.from({ length: 500 }, (_, i) => i)
  const stack = i => ['Error', ' at ' + url(i) + ':1:123', ...Array(8).fill(' at r (https://shop.example/runtime.js:1:2)')].join('\\n   ')
  self._ohnoesDebugIds = Object.fromEntries(process.argv[1] == 'ours' ? chunks.map(i => [url(i), 'id' + i]) : [])
  self._sentryDebugIds = Object.fromEntries(process.argv[1] == 'theirs' ? chunks.map(i => [stack(i), 'id' + i]) : [])
  const frames = [490, 480, 470, 460, 450].map(i => ({ filename: url(i), lineno: 1, in_app: true }))
  frames.push({ filename: 'https://shop.example/runtime.js', lineno: 1, in_app: true })
  const start = performance.now()
  const { length } = debugImages(frames)
  const ms = performance.now() - start
  if (length != 5) throw new Error('found ' + length)
  console.log(ms)`

for (const whose of ['ours', 'theirs']) {
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', program, whose])),
  ).sort((a, b) => a - b)
  console.log(
    `500 chunks in a registry of ${whose}, 6 files: median ${times[RUNS >> 1].toFixed(2)} ms, worst of ${RUNS} ${times.at(-1).toFixed(2)} ms`,
  )
}
