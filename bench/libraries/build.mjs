// Bundles each workload with its library, as it is and instrumented, every module of it: far more than an application
// would have instrumented, which leaves its dependencies alone.

import { instrument } from 'ohnoes-plugin/instrument'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const here = fileURLToPath(new URL('.', import.meta.url))
const isWorkload = (/** @type {string} */ file) => file !== 'shop.js'
export const LIBRARIES = readdirSync(`${here}workloads`)
  .filter(isWorkload)
  .map(file => file.slice(0, -3))

/** Installs the libraries at the first run. */
export function installLibraries() {
  const { dependencies } = JSON.parse(readFileSync(`${here}package.json`, 'utf8'))
  if (Object.keys(dependencies).every(name => existsSync(`${here}node_modules/${name}`))) return
  console.error('installing the libraries (bench/libraries/package.json) …')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
}

/** What the workloads work on. */
export function readInput() {
  const read = (/** @type {string} */ path) => readFileSync(`${here}node_modules/${path}`, 'utf8')
  const names = ['Chair', 'Table lamp', 'Sofa', 'Écran & Co', 'Rug <large>', 'Shelf', 'Desk', 'Ünder bed']
  return {
    source: read('acorn/dist/acorn.mjs'),
    markdown: ['marked', 'acorn', 'fflate', 'rxjs', 'postcss', 'markdown-it', 'd3-array', 'preact']
      .map(name => read(`${name}/README.md`))
      .join('\n\n'),
    css: read('normalize.css/normalize.css').repeat(5),
    rows: Array.from({ length: 300 }, (_, id) => ({
      id,
      name: `${names[id % names.length]} ${(id * 7919) % 1000}`,
      cents: ((id * 104729) % 9973) + 1,
      count: (id % 5) + 1,
    })),
  }
}

/**
 * One module in a file of its own, for Node or for a page, its code, and how long the transform took.
 * @param {string} library
 * @param {{ isInstrumented: boolean, minify?: boolean, isForPage?: boolean }} how
 */
export async function build(library, { isInstrumented, minify = false, isForPage = false }) {
  let transformMs = 0
  const bundle = await rolldown({
    input: `${here}workloads/${library}.js`,
    platform: 'browser',
    // Its workers are another file in Node than in a page.
    resolve: { alias: isForPage ? { 'fflate/node': 'fflate/browser' } : {} },
    external: ['module', 'worker_threads'],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      isInstrumented && {
        name: 'locals',
        resolveId: id =>
          id === 'ohnoes/locals' ? fileURLToPath(new URL('../../src/locals.ts', import.meta.url)) : null,
        transform(code, id) {
          if (!/\.m?js$/.test(id)) return null
          const start = performance.now()
          const { code: instrumented, map } = instrument(code, { filename: relative(here, id) })
          transformMs += performance.now() - start
          return map && { code: instrumented, map: map.toString() }
        },
      },
    ],
    logLevel: 'silent',
  })
  const { output } = await bundle.generate({ format: 'es', minify, codeSplitting: false })
  await bundle.close()
  const [{ code }] = output
  mkdirSync(`${here}dist`, { recursive: true })
  const file = `${here}dist/${library}${isForPage ? '.page' : ''}${isInstrumented ? '.locals' : ''}${minify ? '.min' : ''}.mjs`
  writeFileSync(file, code)
  return { file, code, transformMs }
}
