// What only one bundler has: Rollup a cache that its users may keep from one process to the next, esbuild a pipe through
// which each module goes that a plugin asks for.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build, type PluginBuild } from 'esbuild'
import { type Plugin, rollup, type RollupCache } from 'rollup'
import { expect, test } from 'vitest'
import { type LocalsOptions, ohnoes } from '../src/index.ts'
import type { TableEntry } from '../src/table.ts'

const CODE = 'export function total(cart) { const sum = add(cart); return sum }\n'

test('a module from Rollup’s cache is compiled again only if nobody knows the names of its variables', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'ohnoes-rollup-'))
  const compiled: string[] = []
  const app: Plugin = {
    name: 'app',
    resolveId: id => (id === '/app/main.js' ? id : { id, external: true }),
    load: () => CODE,
    transform: (_code, id) => void compiled.push(id),
  }
  const createPlugin = () => ohnoes.rollup({ upload: false, locals: true })
  const build = async (plugin: ReturnType<typeof createPlugin>, cache?: RollupCache) => {
    const bundle = await rollup({ input: '/app/main.js', plugins: [app, plugin], ...(cache && { cache }) })
    await bundle.write({ dir, sourcemap: true })
    const { x_ohnoes_locals } = JSON.parse(await readFile(join(dir, 'main.js.map'), 'utf8'))
    return { cache: JSON.parse(JSON.stringify(bundle.cache)) as RollupCache, names: x_ohnoes_locals }
  }
  try {
    const first = await build(createPlugin())
    expect(Object.keys(first.names)).toHaveLength(1)
    // What another process knows begins anew.
    const plugin = createPlugin()
    expect((await build(plugin, first.cache)).names).toEqual(first.names)
    expect(compiled).toHaveLength(2)
    // As a watcher builds.
    expect((await build(plugin, first.cache)).names).toEqual(first.names)
    expect(compiled).toHaveLength(2)
  } finally {
    await rm(dir, { recursive: true })
  }
})

// What linked packages have is the app's own, and so is the runtime here.
test.for([
  ['by default', {}, ['app.js', 'locals.mjs', 'own.js'], ['own']],
  ['of a folder', { include: ['/node_modules/dep/'] }, ['dep.js'], ['dep']],
  ['of a folder, and the runtime', { include: ['/dep/'], maxFrames: 3 }, ['dep.js', 'locals.mjs'], ['dep']],
  [
    'all, as what Go’s expressions have not may say which',
    { include: [/(?<!n)own/] },
    ['app.js', 'dep.js', 'locals.mjs', 'own.js'],
    ['own'],
  ],
] as const)('which modules esbuild asks for: %s', async ([, locals, asked, instrumented]) => {
  const dir = await mkdtemp(join(tmpdir(), 'ohnoes-esbuild-'))
  const paths: string[] = []
  const plugin = ohnoes.esbuild({ upload: false, locals: locals as LocalsOptions })
  const listening = {
    name: plugin.name,
    setup: (build: PluginBuild) =>
      plugin.setup({
        ...build,
        onLoad: (options, load) =>
          build.onLoad(options, args => {
            paths.push(basename(args.path))
            return load(args)
          }),
      }),
  }
  try {
    await mkdir(join(dir, 'node_modules/dep'), { recursive: true })
    await writeFile(join(dir, 'app.js'), `import './own.js'\nimport './node_modules/dep/dep.js'\n`)
    for (const path of ['own.js', 'node_modules/dep/dep.js'])
      await writeFile(
        join(dir, path),
        `${CODE}console.log(total)\n`.replaceAll('total', basename(path, '.js')),
      )
    const { outputFiles } = await build({
      absWorkingDir: dir,
      entryPoints: ['app.js'],
      bundle: true,
      write: false,
      outdir: 'out',
      sourcemap: true,
      alias: { ohnoes: '/nowhere' }, // is not ours
      plugins: [listening],
    })
    const { x_ohnoes_locals } = JSON.parse(outputFiles[0]!.text)
    expect(paths.sort()).toEqual(asked)
    expect(Object.values<TableEntry>(x_ohnoes_locals).map(entry => entry.function)).toEqual(instrumented)
    expect(/MAX_FRAMES\d* = (\d+)/.exec(outputFiles[1]!.text)![1]).toBe('maxFrames' in locals ? '3' : '16')
  } finally {
    await rm(dir, { recursive: true })
  }
})
