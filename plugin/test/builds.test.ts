// The app of e2e/bundlers, built by each bundler in two places and once without the plugin.

import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { install } from '../../e2e/install.mjs'
import { readDebugId } from '../src/debug-id.ts'

const BUNDLERS = fileURLToPath(new URL('../../e2e/bundlers/', import.meta.url))
const exec = promisify(execFile)

let problem: string | undefined
beforeAll(async () => {
  problem = await install(BUNDLERS)
}, 150_000)

interface Built {
  ids: (string | undefined)[]
  bytes: number
}

async function builtIn(dir: string, bundler: string, mode: string): Promise<Built> {
  const app = join(dir, 'app')
  await cp(`${BUNDLERS}app`, app, { recursive: true })
  const out = join(dir, 'out')
  await exec(process.execPath, [`${BUNDLERS}build.mjs`, bundler, out, `--${mode}`], {
    env: { ...process.env, APP: app },
  })
  const names = (await readdir(out, { recursive: true })).filter(name => name.endsWith('.js')).sort()
  const codes = await Promise.all(names.map(name => readFile(join(out, name), 'utf8')))
  return { ids: codes.map(readDebugId), bytes: codes.reduce((sum, code) => sum + code.length, 0) }
}

test.for(['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'])(
  'two builds by %s in two places have the same ids, for little more code',
  { timeout: 90_000 },
  async (bundler, { skip }) => {
    if (problem) skip(problem)
    // Within the folder that has the bundlers, where their loaders are found.
    const dirs = await Promise.all(
      ['a', 'other', 'plain'].map(name => mkdtemp(join(BUNDLERS, `dist-${name}-`))),
    )
    try {
      const [here = '', there = '', without = ''] = dirs
      const first = await builtIn(here, bundler, 'app')
      expect(first.ids.length).toBeGreaterThan(2)
      expect(first.ids).not.toContain(undefined)
      expect((await builtIn(there, bundler, 'app')).ids).toEqual(first.ids)
      const plain = await builtIn(without, bundler, 'plain')
      expect(plain.ids.filter(Boolean)).toEqual([])
      const added = (first.bytes - plain.bytes) / first.ids.length
      console.log(`${bundler}: ${added.toFixed(0)} bytes more a chunk, the comment among them`)
      // 180 for the line, 50 for the comment, a directive said again; the release stands in for its name.
      expect(added).toBeLessThan(260)
    } finally {
      await Promise.all(dirs.map(dir => rm(dir, { recursive: true })))
    }
  },
)
