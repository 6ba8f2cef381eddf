// Scripts that workers load by `importScripts`, as webpack and Rspack make them: what each registers itself as.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { install } from '../../e2e/install.mjs'
import { readDebugId } from '../src/debug-id.ts'
import { ohnoes } from '../src/index.ts'

const BUNDLERS = fileURLToPath(new URL('../../e2e/bundlers/', import.meta.url))
const require = createRequire(BUNDLERS)

let problem: string | undefined
beforeAll(async () => {
  problem = await install(BUNDLERS)
}, 150_000)

const SOURCES = {
  'main.js': 'new Worker(new URL("./worker.js", import.meta.url)); import("./shared.js")',
  'worker.js': 'import("./shared.js"); import("./own.js")',
  'shared.js': 'export const shared = () => { throw new Error("shared") }',
  'own.js': 'export const own = () => { throw new Error("own") }',
}

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ohnoes-import-scripts-'))
  await Promise.all(Object.entries(SOURCES).map(([name, text]) => writeFile(join(dir, name), text)))
})
afterEach(() => rm(dir, { recursive: true }))

/** The built files by what is in them (`name` is from the folder of the build), and what the bundler prints. */
async function built(
  bundler: 'webpack' | 'rspack',
  output: object,
): Promise<Record<'own' | 'shared', { name: string; code: string }> & { said: string }> {
  const { rspack } = bundler === 'rspack' ? require('@rspack/core') : { rspack: require('webpack') }
  const out = join(dir, 'out')
  const config = {
    mode: 'production',
    context: dir,
    entry: './main.js',
    devtool: 'hidden-source-map',
    output: { path: out, filename: 'js/[name].js', chunkFilename: 'js/[id].[contenthash:8].js', ...output },
    plugins: [ohnoes[bundler]({ upload: false })],
  }
  const said = await new Promise<string>((resolve, reject) =>
    rspack(config, (error: unknown, stats: any) =>
      (error ?? stats.hasErrors())
        ? reject(error ?? new Error(stats.toString('errors-only')))
        : resolve(stats.toString()),
    ),
  )
  const names = (await readdir(out, { recursive: true })).filter(name => name.endsWith('.js'))
  const files = await Promise.all(
    names.map(async name => ({ name, code: await readFile(join(out, name), 'utf8') })),
  )
  const withText = (text: string) => files.find(({ code }) => code.includes(`Error("${text}")`))!
  return { own: withText('own'), shared: withText('shared'), said }
}

/** What is registered when the first line of a file runs in a worker or, with a document, in a page. */
function registered(code: string, globals: object): Record<string, string> {
  const context = { URL, _ohnoesDebugIds: {}, ...globals }
  runInNewContext(code.split('\n')[0]!, Object.assign(context, { self: context }))
  return context._ohnoesDebugIds
}

const WORKER = { location: 'https://shop.example/app/js/worker.js' }
const pageAt = (src: string) => ({
  location: 'https://shop.example/orders/7',
  document: { currentScript: { src } },
})

for (const bundler of ['webpack', 'rspack'] as const) {
  test.for<[string, object, string]>([
    ['beside the worker', { publicPath: 'auto' }, 'https://shop.example/app/'],
    ['at a path', { publicPath: '/static/' }, 'https://shop.example/static/'],
    ['at another host', { publicPath: 'https://cdn.example/' }, 'https://cdn.example/'],
  ])(
    `a script that a worker loads registers its own address: ${bundler}, %s`,
    { timeout: 60_000 },
    async ([, output, base], { skip }) => {
      if (problem) skip(problem)
      const { own, shared, said } = await built(bundler, output)
      expect(said).not.toContain('address')
      for (const { name, code } of [own, shared])
        expect(registered(code, WORKER)).toEqual({ [base + name]: readDebugId(code) })
      const src = base + shared.name
      expect(registered(shared.code, pageAt(src))).toEqual({ [src]: readDebugId(shared.code) })
      for (const { code } of [own, shared])
        expect(code.split('\n')[0]!.replace('"use strict";', '').length).toBeLessThanOrEqual(180)
    },
  )

  test.for<[string, object]>([
    ['is longer than the line may be', { chunkFilename: `[id].${'long'.repeat(25)}.js` }],
    ['is made at run time', { publicPath: () => '/static/' }],
  ])(
    `a script that a worker loads stays unknown in it where its address %s: ${bundler}`,
    { timeout: 60_000 },
    async ([, output], { skip }) => {
      if (problem) skip(problem)
      const { own, said } = await built(bundler, { publicPath: 'auto', ...output })
      expect(readDebugId(own.code)).toMatch(/-/)
      expect(said).toMatch(/[12] scripts that workers load .* have no short and fixed address/)
      // The worker has registered itself, and stays what it was.
      const ids = registered(own.code, { ...WORKER, _ohnoesDebugIds: { [WORKER.location]: 'its own' } })
      expect(ids).toEqual({ [WORKER.location]: 'its own' })
    },
  )
}
