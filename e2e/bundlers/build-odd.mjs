// Builds a page by a configuration of webpack or Rspack that is hard on plugins: node build-odd.mjs <bundler> <folder>
// prints which functions leave their variables behind, in how many places, and whether an image came out as it was.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ohnoes } from '../../plugin/dist/index.js'
import { runWebpack } from './run-webpack.mjs'

const [bundler, folder] = process.argv.slice(2)
const out = join(folder, 'out')
const require = createRequire(import.meta.url)
const webpack = bundler === 'webpack' ? require('webpack') : (await import('@rspack/core')).rspack
// No text in UTF-8.
const image = Buffer.from('89504e470d0a1a0afffe8000c3', 'hex')
const main = `
  export default new URL('./image.png', import.meta.url)
  export const total = prices => {
    const first = prices[0]
    return first.cents + prices[1].cents
  }`

await mkdir(folder)
await writeFile(join(folder, 'image.png'), image)
await writeFile(join(folder, 'main.js'), main)
const plugin = ohnoes[bundler]({ upload: false, locals: { include: [/./], maxFrames: 5 } })
await runWebpack(webpack, {
  mode: 'production',
  context: folder,
  entry: './main.js',
  devtool: 'source-map',
  output: { path: out, library: { type: 'commonjs2' } },
  resolve: { alias: { ohnoes: join(folder, 'nothing.js') } },
  // As vue-loader does, which puts the post loaders into the requests for the parts of a file.
  plugins: [plugin, plugin],
})
const read = name => readFile(join(out, name))
const imageName = (await readdir(out)).find(name => name.endsWith('.png'))
const map = JSON.parse(await read('main.js.map'))
console.log(
  JSON.stringify({
    functions: Object.values(map.x_ohnoes_locals).map(entry => entry.function),
    isImageSame: image.equals(await read(imageName)),
    records: String(await read('main.js')).match(/["'][\w-]{8}\d["']/g).length,
  }),
)
