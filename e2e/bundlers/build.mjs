// Builds the app of app/ with one bundler and the plugin: node build.mjs <bundler> <folder> [--plain without the plugin, --ids without local variables]
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ohnoes } from '../../plugin/dist/index.js'
import { runWebpack } from './run-webpack.mjs'

const [bundler, out, mode] = process.argv.slice(2)
const app = process.env.APP ?? fileURLToPath(new URL('app', import.meta.url))
const require = createRequire(import.meta.url)
const isPlain = mode === '--plain'
const release = 'shop@1'
const pluginFor = name =>
  isPlain ? [] : [ohnoes[name]({ release, upload: false, locals: mode !== '--ids' })]
const builtWorker = join(app, 'start-built-worker.ts')
const input = { main: join(app, 'main.ts'), worker: join(app, 'worker.ts') }
/** For the bundlers that do not see the worker. */
const replaceWorker = {
  name: 'replace-worker',
  resolveId: id => (id === './start-worker.ts' ? builtWorker : null),
}
const output = { dir: out, format: 'es', sourcemap: 'hidden', entryFileNames: '[name].js' }

/** Of webpack and Rspack, which have what it does by different names. */
const CACHES = {
  webpack: cacheDirectory => ({ type: 'filesystem', cacheDirectory }),
  rspack: directory => ({ type: 'persistent', storage: { type: 'filesystem', directory } }),
}

const webpackConfig = loader => ({
  mode: 'production',
  target: ['web', 'es2022'],
  context: app,
  entry: './main.ts',
  devtool: 'hidden-source-map',
  output: { path: out, filename: '[name].js', chunkFilename: '[name]-[contenthash].js', publicPath: 'auto' },
  module: { rules: [{ test: /\.tsx?$/, use: loader }] },
  plugins: pluginFor(bundler),
  performance: false,
  cache: process.env.CACHE !== undefined && CACHES[bundler](process.env.CACHE),
})

const BUNDLERS = {
  async vite() {
    const { build } = await import('vite')
    await build({
      root: app,
      base: './',
      logLevel: 'error',
      configFile: false,
      oxc: { jsx: { runtime: 'classic', pragma: 'h' } },
      plugins: pluginFor('vite'),
      worker: { format: 'es', plugins: () => pluginFor('vite') },
      build: {
        outDir: out,
        sourcemap: 'hidden',
        modulePreload: { polyfill: false },
        rolldownOptions: { input: input.main, output: { entryFileNames: '[name].js' } },
      },
    })
  },
  async rollup() {
    const { rollup } = await import('rollup')
    const pluginOf = name => require(`@rollup/plugin-${name}`).default ?? require(`@rollup/plugin-${name}`)
    const bundle = await rollup({
      input,
      plugins: [
        replaceWorker,
        pluginOf('node-resolve')({ extensions: ['.ts', '.tsx', '.js', '.cjs'] }),
        pluginOf('typescript')({
          tsconfig: join(app, 'tsconfig.json'),
          noEmitOnError: false,
          noForceEmit: true,
          compilerOptions: {
            noEmit: false,
            rewriteRelativeImportExtensions: false,
            sourceMap: true,
            inlineSources: true,
            outDir: out,
          },
        }),
        pluginOf('commonjs')({ extensions: ['.cjs', '.js'] }),
        pluginOf('terser')({ module: true }),
        ...pluginFor('rollup'),
      ],
      onwarn() {},
    })
    await bundle.write(output)
    await bundle.close()
  },
  async rolldown() {
    const { rolldown } = await import('rolldown')
    const bundle = await rolldown({
      input,
      transform: { jsx: { runtime: 'classic', pragma: 'h' } },
      plugins: [replaceWorker, ...pluginFor('rolldown')],
    })
    await bundle.write({ ...output, minify: true })
    await bundle.close()
  },
  async webpack() {
    const webpack = require('webpack')
    const loader = {
      loader: require.resolve('ts-loader'),
      options: {
        transpileOnly: true,
        configFile: join(app, 'tsconfig.json'),
        compilerOptions: { noEmit: false, allowImportingTsExtensions: false, sourceMap: true },
      },
    }
    console.log(`${await runWebpack(webpack, webpackConfig(loader))} modules built`)
  },
  async rspack() {
    const { rspack } = await import('@rspack/core')
    const jsc = {
      target: 'es2022',
      transform: { react: { runtime: 'classic', pragma: 'h' } },
    }
    const rules = tsx => ({
      loader: 'builtin:swc-loader',
      options: { jsc: { ...jsc, parser: { syntax: 'typescript', tsx } } },
    })
    const config = webpackConfig(rules(true))
    console.log(`${await runWebpack(rspack, config)} modules built`)
  },
  async esbuild() {
    const { build } = await import('esbuild')
    await build({
      entryPoints: [input.main, input.worker],
      bundle: true,
      minify: true,
      splitting: true,
      format: 'esm',
      outdir: out,
      absWorkingDir: app,
      sourcemap: 'external',
      target: 'es2022',
      jsx: 'transform',
      jsxFactory: 'h',
      plugins: [
        {
          name: 'replace-worker',
          setup: ({ onResolve }) => onResolve({ filter: /start-worker\.ts$/ }, () => ({ path: builtWorker })),
        },
        ...pluginFor('esbuild'),
      ],
      logLevel: 'error',
    })
  },
}

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
await BUNDLERS[bundler]()
await writeFile(join(out, 'package.json'), '{"type":"module"}')
