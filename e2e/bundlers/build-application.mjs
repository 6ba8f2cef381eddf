// Builds an application of bench/libraries as its users do, minified and with maps, and says how long that took from the
// start of the process on: node build-application.mjs <bundler> <application> <none|plain|locals>, which are without the
// plugin, with it and without local variables, and with both.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { APPLICATIONS } from '../../bench/libraries/applications.mjs'
import { runWebpack } from './run-webpack.mjs'

const [bundler, name, how] = process.argv.slice(2)
const { input, own } = APPLICATIONS[name]
const require = createRequire(import.meta.url)
const here = fileURLToPath(new URL('.', import.meta.url))
const out = `${here}dist-${process.pid}`
const output = { dir: out, format: 'es', sourcemap: true }

async function pluginsFor(kind) {
  if (how === 'none') return []
  const { ohnoes } = await import('../../plugin/dist/index.js')
  return [ohnoes[kind]({ release: 'app@1', upload: false, locals: how === 'locals' && { include: [own] } })]
}

const webpackConfig = async kind => ({
  mode: 'production',
  context: here,
  entry: input,
  devtool: 'source-map',
  output: { path: out },
  module: { parser: { javascript: { exportsPresence: 'auto' } } },
  resolve: { fallback: { buffer: false, path: false, fs: false, util: false, url: false, http: false } },
  plugins: await pluginsFor(kind),
  performance: false,
})

const BUNDLERS = {
  async vite() {
    const { build } = await import('vite')
    await build({
      root: here,
      logLevel: 'error',
      configFile: false,
      plugins: await pluginsFor('vite'),
      build: { outDir: out, sourcemap: true, rolldownOptions: { input } },
    })
  },
  async rollup() {
    const { rollup } = await import('rollup')
    const pluginOf = kind => require(`@rollup/plugin-${kind}`).default ?? require(`@rollup/plugin-${kind}`)
    const bundle = await rollup({
      input,
      plugins: [
        pluginOf('node-resolve')({ browser: true, preferBuiltins: false }),
        pluginOf('commonjs')(),
        pluginOf('terser')({ module: true }),
        ...(await pluginsFor('rollup')),
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
      platform: 'browser',
      logLevel: 'silent',
      plugins: await pluginsFor('rolldown'),
    })
    await bundle.write({ ...output, minify: true })
    await bundle.close()
  },
  async webpack() {
    await runWebpack(require('webpack'), await webpackConfig('webpack'))
  },
  async rspack() {
    const { rspack } = await import('@rspack/core')
    await runWebpack(rspack, await webpackConfig('rspack'))
  },
  async esbuild() {
    const { build } = await import('esbuild')
    await build({
      entryPoints: [input],
      bundle: true,
      minify: true,
      format: 'esm',
      splitting: true,
      outdir: out,
      absWorkingDir: here,
      sourcemap: true,
      plugins: await pluginsFor('esbuild'),
      logLevel: 'error',
    })
  },
}

try {
  await BUNDLERS[bundler]()
  const ms = performance.now()
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, size: sizeOf() }))
} finally {
  rmSync(out, { recursive: true, force: true })
}

/** Of what was built, and in it of the modules that are its own, as they were before. */
function sizeOf() {
  const files = readdirSync(out, { recursive: true }).map(file => `${out}/${file}`)
  const bytes = files
    .filter(file => file.endsWith('.js'))
    .reduce((sum, file) => sum + readFileSync(file).length, 0)
  const ownBytes = files
    .filter(file => file.endsWith('.map'))
    .map(file => JSON.parse(readFileSync(file, 'utf8')))
    .flatMap(({ sources, sourcesContent }) => sourcesContent.filter((_, i) => sources[i].includes(own)))
    .reduce((sum, content) => sum + content.length, 0)
  return { bytes, own: ownBytes }
}
