import typescript from '@rollup/plugin-typescript'
import terser from '@rollup/plugin-terser'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { minifySync } from 'rolldown/experimental'

const require = createRequire(import.meta.url)

/** `tsc -b` owns the declarations; rollup needs JavaScript only. */
const compile = () =>
  typescript({
    composite: false,
    emitDeclarationOnly: false,
    declaration: false,
    sourceMap: true,
    outDir: 'dist',
  })

/**
 * Terser, then oxc, then terser again: 90 B less than terser alone. Oxc makes each `const` a `let`, so that neighbours
 * become one statement; with the functions in front of them all the rest is one `let` (`hoist_funs`); `inline: 1`
 * leaves named functions where they are, next to what they look like.
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
    format: { comments: false },
  }),
]

/**
 * error-stack-parser 3.0.0 is a UMD file with its API at `module.exports.default`. Its factory is taken as it is, less
 * two things that cost bytes: stackframe (a bag of properties; the plain object does) and the parsers of Opera's old
 * `stacktrace`, which never run because stack.ts hands over a `stack` only.
 */
const errorStackParser = {
  name: 'error-stack-parser',
  resolveId: id => (id === 'error-stack-parser' ? require.resolve(id) : null),
  transform(code, id) {
    if (!id.endsWith('error-stack-parser.js')) return null
    const factory = code.slice(
      code.indexOf('function ErrorStackParser('),
      code.indexOf('parseOpera: function'),
    )
    return {
      code: `export default (${factory}} })(function (frame) { return frame })`,
      map: { mappings: '' },
    }
  },
}

/** SRI hashes of the files that are loaded by a script tag. */
const integrity = {
  name: 'integrity',
  writeBundle() {
    const hashes = {}
    for (const file of ['ohnoes.js', 'snippet.js'])
      hashes[file] = `sha384-${createHash('sha384')
        .update(readFileSync(`dist/${file}`))
        .digest('base64')}`
    writeFileSync('dist/integrity.json', JSON.stringify(hashes, null, 2) + '\n')
  },
}

const script = name => ({
  input: `src/${name === 'ohnoes' ? 'auto' : name}.ts`,
  output: {
    file: `dist/${name}.js`,
    format: 'iife',
    // The map lies beside the file; the comment that names it would be 35 B of each page view.
    sourcemap: 'hidden',
    generatedCode: { preset: 'es2015', symbols: false },
    freeze: false,
    externalLiveBindings: false,
    esModule: false,
  },
  plugins: [errorStackParser, compile(), ...minify()],
})

const snippet = script('snippet')
snippet.plugins.push(integrity)

export default [
  {
    input: { index: 'src/index.ts', stack: 'src/stack.ts', protocol: 'src/protocol.ts' },
    output: {
      dir: 'dist',
      format: 'es',
      sourcemap: true,
      generatedCode: 'es2015',
      entryFileNames: '[name].mjs',
      chunkFileNames: 'chunk-[hash].mjs',
    },
    plugins: [errorStackParser, compile()],
  },
  script('ohnoes'),
  snippet,
]
