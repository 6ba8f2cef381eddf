import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rolldown, type RolldownPlugin } from 'rolldown'
import { createLocals } from '../src/locals.ts'
import { localsHooks } from '../src/locals-hooks.ts'

export interface Built {
  code: string
  map: string
}

/** A module in TypeScript as a minified script whose functions leave their variables behind, with its map. */
export async function buildInstrumented(input: string): Promise<Built> {
  const dir = await mkdtemp(join(tmpdir(), 'ohnoes-locals-'))
  try {
    const locals = createLocals({}, dirname(input))
    const bundle = await rolldown({
      input,
      platform: 'browser',
      plugins: [localsHooks(locals) as RolldownPlugin], // of unplugin's shape, which is this
    })
    const codePath = join(dir, 'built.js')
    await bundle.write({ file: codePath, format: 'iife', name: 'built', minify: true, sourcemap: true })
    await bundle.close()
    const [code = '', map = ''] = await Promise.all(
      [codePath, `${codePath}.map`].map(path => readFile(path, 'utf8')),
    )
    return { code, map: JSON.stringify({ ...JSON.parse(map), ...locals.fieldsOf(code) }) }
  } finally {
    await rm(dir, { recursive: true })
  }
}
