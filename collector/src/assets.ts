import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** The files that pages load, all under one address that changes with any of them, so that browsers keep them for ever. */
export interface Assets {
  base: string
  /** The text of the inline script that queues what happens until the bundle is there. */
  loader: string
  files: { name: string; type: string; text: string }[]
}

/** Parts of the one stylesheet; of rules that are equally specific the later wins. */
const STYLES = 'base controls frame groups group event facets tables settings welcome'.split(' ')
const CSS = 'text/css; charset=utf-8'
const SCRIPT = 'text/javascript; charset=utf-8'

/** Reads them from beside src/ and dist/ alike, as tsc copies none, and from the packages they come with. */
export async function readAssets(): Promise<Assets> {
  const packaged = createRequire(import.meta.url).resolve
  const own = (name: string): URL => new URL(`../assets/${name}`, import.meta.url)
  const sources: [name: string, type: string, ...files: (URL | string)[]][] = [
    ['dashboard.css', CSS, ...STYLES.map(name => own(`styles/${name}.css`))],
    ['dashboard.js', SCRIPT, own('dashboard.js')],
    ['chart.js', SCRIPT, own('chart.js')],
    ['uplot.css', CSS, packaged('uplot/dist/uPlot.min.css')],
    ['uplot.js', SCRIPT, packaged('uplot/dist/uPlot.iife.min.js')],
  ]
  const files = await Promise.all(
    sources.map(async ([name, type, ...parts]) => {
      const texts = await Promise.all(parts.map(part => readFile(part, 'utf8')))
      return { name, type, text: texts.join('') }
    }),
  )
  const hash = createHash('sha256')
  for (const { text } of files) hash.update(text)
  const loader = await readFile(packaged('ohnoes/dist/snippet.js'), 'utf8')
  return { base: `/assets/${hash.digest('hex').slice(0, 12)}`, loader: loader.trim(), files }
}
