// Builds the shop as applications are: minified, its map at the collector, and with the plugin, so that its errors show
// the variables of each frame.
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ohnoes } from 'ohnoes-plugin'
import { rolldown } from 'rolldown'

const COLLECTOR = fileURLToPath(new URL('../collector/dist/main.js', import.meta.url))
const SHOP = fileURLToPath(new URL('shop/shop.js', import.meta.url))

/** Resolves with the folder of what was built, once its map is at the collector. */
export async function buildShop({ dsn, dataDir, project, release }) {
  const dir = join(dataDir, 'demo-shop')
  const token = await uploadToken(dataDir, project)
  const bundle = await rolldown({
    input: SHOP,
    plugins: [ohnoes.rolldown({ dsn, token, release, locals: true, failOnError: true })],
  })
  await bundle.write({ dir, format: 'es', minify: true, sourcemap: 'hidden', entryFileNames: '[name].js' })
  await bundle.close()
  return dir
}

/** Made at the first start. */
async function uploadToken(dataDir, project) {
  const file = join(dataDir, 'demo-token')
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known) return known
  const env = { ...process.env, OHNOES_DATA: dataDir }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [COLLECTOR, 'token', 'create', project, 'upload'],
    { env },
  )
  const [token] = stdout.split('\n')
  await writeFile(file, token, { mode: 0o600 })
  return token
}
