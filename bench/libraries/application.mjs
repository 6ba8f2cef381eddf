// Builds applications as their users do: minified, with maps, with the plugin or without.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ohnoes } from 'ohnoes-plugin'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What each begins with, and which modules are its own. openapi-explorer is one of the few to be had as modules. */
export const APPLICATIONS = {
  'demo shop': { input: `${root}demo/shop/shop.js`, own: 'demo/shop/' },
  'openapi-explorer': { input: 'openapi-explorer', own: 'openapi-explorer/dist/' },
}

/**
 * @param {string} name
 * @param {boolean} hasLocals
 */
export async function buildApplication(name, hasLocals) {
  const { input, own } = APPLICATIONS[name]
  const startMs = performance.now()
  const bundle = await rolldown({
    input,
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    platform: 'browser',
    logLevel: 'silent',
    plugins: hasLocals ? [ohnoes.rolldown({ upload: false, locals: { include: [own], exclude: [] } })] : [],
  })
  const { output } = await bundle.write({
    dir: `${root}bench/libraries/dist/${name}`,
    minify: true,
    sourcemap: true,
  })
  await bundle.close()
  const ms = performance.now() - startMs
  const chunks = output.flatMap(file => (file.type === 'chunk' ? file.code : []))
  return { code: (await readFile(`${root}dist/ohnoes.js`, 'utf8')) + chunks.join('\n'), ms }
}
