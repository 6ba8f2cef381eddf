import { transformSync } from 'esbuild'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { createLocals, RUNTIME, runtimePath } from '../src/locals.ts'

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
      plugins: [
        {
          name: 'locals',
          resolveId: id => (id === RUNTIME ? runtimePath() : null),
          transform(code, id) {
            if (!id.endsWith('.ts')) return null
            const compiled = transformSync(code, { loader: 'ts', sourcemap: true, sourcefile: id })
            const result = locals.transform(compiled.code, id, { map: compiled.map, isMerged: true })
            return result && { code: result.code, map: result.map as string, moduleType: 'js' }
          },
        },
      ],
    })
    const codePath = join(dir, 'built.js')
    await bundle.write({ file: codePath, format: 'iife', name: 'built', minify: true, sourcemap: true })
    await bundle.close()
    await locals.writeTables([{ codePath, mapPath: `${codePath}.map` }])
    const [code = '', map = ''] = await Promise.all(
      [codePath, `${codePath}.map`].map(path => readFile(path, 'utf8')),
    )
    return { code, map }
  } finally {
    await rm(dir, { recursive: true })
  }
}
