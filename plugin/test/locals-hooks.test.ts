// What only one bundler has: Rollup a cache that its users may keep from one process to the next, esbuild a pipe through
// which each module goes that a plugin asks for.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build, type BuildOptions, type PluginBuild } from 'esbuild'
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

/** An app of two modules, one of them a package's; with the names of the modules that esbuild has asked the plugin for. */
async function buildByEsbuild(locals: LocalsOptions, options: BuildOptions = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'ohnoes-esbuild-'))
  const asked: string[] = []
  const plugin = ohnoes.esbuild({ upload: false, locals })
  const listening = (build: PluginBuild): PluginBuild => ({
    ...build,
    onLoad: (options, load) =>
      build.onLoad(options, args => {
        asked.push(basename(args.path))
        return load(args)
      }),
  })
  try {
    await mkdir(join(dir, 'node_modules/dep'), { recursive: true })
    await writeFile(join(dir, 'app.js'), `import './own.js'\nimport './node_modules/dep/dep.js'\n`)
    for (const path of ['own.js', 'node_modules/dep/dep.js']) {
      const code = `${CODE}console.log(total)\n`.replaceAll('total', basename(path, '.js'))
      await writeFile(join(dir, path), code)
    }
    const { outputFiles } = await build({
      absWorkingDir: dir,
      entryPoints: ['app.js'],
      bundle: true,
      outdir: 'out',
      sourcemap: true,
      ...options,
      write: false,
      plugins: [
        { name: plugin.name, setup: build => plugin.setup(listening(build)) },
        ...(options.plugins ?? []),
      ],
    })
    const [map, code] = outputFiles.map(({ text }) => text)
    const functions = Object.values<TableEntry>(JSON.parse(map!).x_ohnoes_locals).map(entry => entry.function)
    return { asked: asked.sort(), functions, maxFrames: /MAX_FRAMES\d* = (\d+)/.exec(code!)?.[1] }
  } finally {
    await rm(dir, { recursive: true })
  }
}

// What linked packages have is the app's own, and so is the runtime here.
test.for<[string, LocalsOptions, string[], string[], string]>([
  ['by default', {}, ['app.js', 'locals.mjs', 'own.js'], ['own'], '16'],
  ['of a folder', { include: ['/node_modules/dep/'] }, ['dep.js'], ['dep'], '16'],
  [
    'of a folder, and the runtime',
    { include: ['/dep/'], maxFrames: 3 },
    ['dep.js', 'locals.mjs'],
    ['dep'],
    '3',
  ],
  [
    'all, where an expression says which, as it may have what Go’s do not',
    { include: [/(?<!n)own/] },
    ['app.js', 'dep.js', 'locals.mjs', 'own.js'],
    ['own'],
    '16',
  ],
])('which modules esbuild asks for: %s', async ([, locals, asked, functions, maxFrames]) => {
  expect(await buildByEsbuild(locals)).toEqual({ asked, functions, maxFrames })
})

test.for<[string, BuildOptions]>([
  ['an alias of the package is another’s', { alias: { ohnoes: '/nowhere' } }],
  ['packages are external', { packages: 'external' }],
  ['modules like it are external', { external: ['*.mjs'] }],
  [
    'another plugin takes every import',
    {
      plugins: [
        {
          name: 'all',
          setup: ({ onResolve }) =>
            onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
              kind === 'entry-point' ? undefined : { path, external: true },
            ),
        },
      ],
    },
  ],
])('esbuild has the runtime in the bundle where %s', async ([, options]) => {
  expect((await buildByEsbuild({}, options)).maxFrames).toBe('16')
})
