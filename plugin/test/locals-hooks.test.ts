// What only Rollup has: a cache that its users may keep from one process to the next.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Plugin, rollup, type RollupCache } from 'rollup'
import { expect, test } from 'vitest'
import { ohnoes } from '../src/index.ts'

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
