// Builds applications as their users do: minified, with maps, with the plugin or without.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ohnoes } from 'ohnoes-plugin'
import { rolldown } from 'rolldown'
import { APPLICATIONS } from './applications.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * @param {string} name
 * @param {boolean} hasLocals
 */
export async function buildApplication(name, hasLocals) {
  const { input, own } = APPLICATIONS[name]
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
  const chunks = output.flatMap(file => (file.type === 'chunk' ? file.code : []))
  return (await readFile(`${root}dist/ohnoes.js`, 'utf8')) + chunks.join('\n')
}
