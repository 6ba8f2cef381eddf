// npm run bench -- parts: the bytes of the script without its later parts. Half an hour, since each build has a long
// search of names of its own, as the script has.
//
// bench/parts/ has a patch of src/ for each step, that puts the least in the place of what goes.
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FILES =
  'src build package.json tsconfig.json tsconfig.base.json rollup.config.mjs rollup.names.json'.split(' ')
const STEPS = [
  { what: 'with everything', patches: [] },
  {
    what: 'without local variables, storm control and rules of the fleet',
    patches: ['1-fleet-and-locals.patch'],
  },
  {
    what: 'nor retries, offline store, limits, client reports, tunnel',
    patches: ['1-fleet-and-locals.patch', '2-delivery.patch'],
  },
]

/** Builds a copy of the project; resolves with the bytes of gzip. */
async function sizeWith(patches) {
  const folder = mkdtempSync(join(tmpdir(), 'ohnoes-parts-'))
  try {
    for (const file of FILES) cpSync(ROOT + file, join(folder, file), { recursive: true })
    symlinkSync(ROOT + 'node_modules', join(folder, 'node_modules'))
    for (const patch of patches)
      execFileSync('git', ['apply', `${ROOT}bench/parts/${patch}`], { cwd: folder })
    // What is whole has its names already.
    const env = { ...process.env, ...(patches[0] && { NAMES: 'long' }) }
    await promisify(execFile)('npx', ['rollup', '-c', '--silent'], { cwd: folder, env })
    return gzipSync(readFileSync(join(folder, 'dist/ohnoes.js')), { level: 9 }).length
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const sizes = await Promise.all(STEPS.map(({ patches }) => sizeWith(patches)))
STEPS.forEach(({ what }, i) => console.log(String(sizes[i]).padStart(6), 'B', what))
