import { transformSync } from 'esbuild'
import { minifySync } from 'rolldown/experimental'
import { minify } from 'terser'

/**
 * The minifiers that people have. Each throws, or gives nothing, where it refuses the code.
 * @type {Record<string, (code: string) => Promise<string | undefined>>}
 */
export const MINIFIERS = {
  esbuild: async code => transformSync(code, { minify: true, logLevel: 'silent' }).code,
  oxc: async code => minifySync('code.js', code).code,
  terser: async code => (await minify(code)).code,
}
