// npm run bench -- parts: the bytes of the script without its later parts. Half an hour, since each build has a search of
// names as long as the script's own.
//
// bench/parts/ has for each step what takes the place of what goes, which is as little as the rest can do with: whole
// files, and changes of others.
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PARTS = fileURLToPath(new URL('parts/', import.meta.url))
const FILES =
  'src build package.json tsconfig.json tsconfig.base.json rollup.config.mjs rollup.names.json'.split(' ')
const STEPS = [
  { name: 'fleet-and-locals', gone: ['rules.ts'], files: ['storm.ts'] },
  { name: 'delivery', gone: ['limits.ts', 'offline.ts'], files: ['send.ts'] },
]
const ROWS = [
  'with everything',
  'without local variables, storm control and rules of the fleet',
  'nor retries, an offline store, limits, client reports and tunnels',
]

/** Takes the first steps in a copy of the project and builds it; resolves with the bytes of gzip. */
async function sizeAfter(steps) {
  const folder = mkdtempSync(join(tmpdir(), 'ohnoes-parts-'))
  try {
    for (const file of FILES) cpSync(ROOT + file, join(folder, file), { recursive: true })
    symlinkSync(`${ROOT}node_modules`, join(folder, 'node_modules'))
    for (const { name, gone, files } of STEPS.slice(0, steps)) {
      for (const file of gone) rmSync(join(folder, 'src', file))
      execFileSync('git', ['apply', '--unidiff-zero', `${PARTS}${name}/edits.patch`], { cwd: folder })
      for (const file of files) cpSync(`${PARTS}${name}/${file}`, join(folder, 'src', file))
    }
    // What is whole has its names already.
    const env = { ...process.env, ...(steps && { NAMES: 'long' }) }
    await promisify(execFile)('npx', ['rollup', '-c', '--silent'], { cwd: folder, env })
    return gzipSync(readFileSync(join(folder, 'dist/ohnoes.js')), { level: 9 }).length
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const sizes = await Promise.all(ROWS.map((_, steps) => sizeAfter(steps)))
ROWS.forEach((what, i) => console.log(`${sizes[i]} B ${what}`))
