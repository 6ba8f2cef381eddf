import resolve from '@rollup/plugin-node-resolve'
import typescript from '@rollup/plugin-typescript'
import terser from '@rollup/plugin-terser'
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { minifySync, transformSync } from 'rolldown/experimental'
import { rename } from './build/rename.mjs'
import { shortenUndefined } from './build/undefined.mjs'

/** `tsc -b` owns the declarations; rollup needs JavaScript only. */
const compile = () =>
  typescript({
    composite: false,
    emitDeclarationOnly: false,
    declaration: false,
    sourceMap: true,
    outDir: 'dist',
  })

/** Takes web-vitals in, in the syntax that the rest has. */
const library = () => [
  resolve(),
  {
    name: 'library',
    transform(code, id) {
      if (!id.includes('/node_modules/')) return null
      // The assumption saves the import of a helper: no class of web-vitals has a setter.
      const options = { target: 'es2018', assumptions: { setPublicClassFields: true }, sourcemap: true }
      const { code: lowered, map, errors } = transformSync(id, code, options)
      if (errors.length) throw new Error(`oxc: ${errors[0].message}`)
      return { code: lowered, map }
    },
    // Whoever gets a copy of it gets its licence.
    writeBundle: () => copyFileSync('node_modules/web-vitals/LICENSE', 'dist/LICENSE-web-vitals'),
  },
]

/**
 * Terser, then oxc, then terser again: 90 B less than terser alone. Oxc makes each `const` a `let`, so that neighbours
 * become one statement; with the functions in front of them all the rest is one `let` (`hoist_funs`); `inline: 1`
 * leaves named functions where they are, next to what they look like.
 *
 * ASCII only, since nobody can be sure of a page's charset.
 *
 * None of terser's `unsafe` options: they made `symbol + ''` (throws) of `String(symbol)`, and arrows of constructors.
 */
const minify = () => [
  terser({ ecma: 2018, compress: { passes: 3 }, mangle: false }),
  {
    name: 'oxc',
    renderChunk(code, { fileName }) {
      const options = { compress: { target: 'es2018' }, mangle: false, sourcemap: true }
      const { code: smaller, map, errors } = minifySync(fileName, code, options)
      if (errors.length) throw new Error(`oxc: ${errors[0].message}`)
      return { code: smaller, map }
    },
  },
  terser({
    ecma: 2018,
    compress: { passes: 3, hoist_funs: true, inline: 1 },
    format: { comments: false, ascii_only: true, shorthand: false },
  }),
]

/** SRI hashes of the files that are loaded by a script tag. */
const integrity = {
  name: 'integrity',
  writeBundle() {
    const hashes = {}
    for (const file of ['ohnoes.js', 'snippet.js', 'vitals.js'])
      hashes[file] = `sha384-${createHash('sha384')
        .update(readFileSync(`dist/${file}`))
        .digest('base64')}`
    writeFileSync('dist/integrity.json', JSON.stringify(hashes, null, 2) + '\n')
  },
}

const script = (name, input, plugins) => ({
  input,
  output: {
    file: `dist/${name}.js`,
    format: 'iife',
    // The map lies beside the file; the comment that names it would be 35 B of each page view.
    sourcemap: 'hidden',
    generatedCode: { preset: 'es2015', symbols: false },
    freeze: false,
    externalLiveBindings: false,
    esModule: false,
    strict: false,
  },
  plugins,
})

// A chunk of an earlier build would be published with this one.
rmSync('dist', { recursive: true, force: true })

export default [
  {
    input: {
      index: 'src/index.ts',
      stack: 'src/stack.ts',
      locals: 'src/locals.ts',
      sampling: 'src/sample.ts',
      protocol: 'src/protocol.ts',
      vitals: 'src/vitals.ts',
    },
    output: {
      dir: 'dist',
      format: 'es',
      sourcemap: true,
      generatedCode: 'es2015',
      entryFileNames: '[name].mjs',
      chunkFileNames: 'shared-[name].mjs',
    },
    plugins: [...library(), compile()],
  },
  script('ohnoes', 'src/auto.ts', [compile(), ...minify(), shortenUndefined, rename]),
  script('snippet', 'src/snippet.ts', [compile(), ...minify(), shortenUndefined, rename]),
  // Not renamed: that is for functions, and web-vitals has classes.
  script('vitals', 'src/vitals-script.ts', [...library(), compile(), ...minify(), integrity]),
]
