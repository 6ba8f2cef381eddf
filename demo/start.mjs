// What `npm start` runs after the build: the collector on embedded SQLite, and a shop whose errors arrive in it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startCollector } from 'ohnoes-collector'
import { buildShop } from './build-shop.mjs'

const port = Number(process.env.PORT || 4400)
const dataDir = process.env.OHNOES_DATA || 'data'
const project = { id: '1', name: 'Demo shop', key: 'demo' }

const files = {
  '': ['shop/index.html', 'text/html; charset=utf-8'],
  'shop.css': ['shop/shop.css', 'text/css'],
  'partner.js': ['shop/partner.js', 'text/javascript; charset=utf-8'],
  'ohnoes.js': ['../dist/ohnoes.js', 'text/javascript; charset=utf-8'],
  'ohnoes.js.map': ['../dist/ohnoes.js.map', 'application/json'],
  'vitals.js': ['../dist/vitals.js', 'text/javascript; charset=utf-8'],
}

let builtShop

function mountShop(app) {
  app.get('/demo', context => context.redirect('/demo/'))
  app.get('/demo/shop.js', async context => {
    const headers = { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' }
    return context.body(await readFile(join(await builtShop, 'shop.js'), 'utf8'), 200, headers)
  })
  for (const [name, [path, type]] of Object.entries(files))
    app.get(`/demo/${name}`, async context => {
      const { host } = new URL(context.req.url)
      const content = await readFile(new URL(path, import.meta.url), 'utf8')
      const body = type.startsWith('text/html')
        ? content.replaceAll('{{dsn}}', `http://${project.key}@${host}/${project.id}`)
        : content
      return context.body(body, 200, { 'Content-Type': type, 'Cache-Control': 'no-cache' })
    })
}

try {
  const collector = await startCollector({
    port,
    host: '127.0.0.1',
    dataDir,
    projects: [project],
    mount: mountShop,
  })
  const { host } = new URL(collector.url)
  const dsn = `http://${project.key}@${host}/${project.id}`
  builtShop = buildShop({ dsn, dataDir, project: project.id, release: 'demo@1.0.0' })
  builtShop.catch(error => console.error(error instanceof Error ? error.message : error))
  console.log(`dashboard  ${collector.url}/`)
  console.log(`demo shop  ${collector.url}/demo/`)
  console.log(`DSN        ${dsn}`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => collector.close())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
