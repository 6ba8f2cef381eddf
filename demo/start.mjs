// What `npm start` runs after the build: the collector on embedded SQLite, and a shop whose errors arrive in it.
import { readFile } from 'node:fs/promises'
import { startCollector } from 'ohnoes-collector'

const port = Number(process.env.PORT || 4400)
const dataDir = process.env.OHNOES_DATA || 'data'
const project = { id: '1', name: 'Demo shop', key: 'demo' }

const files = {
  '': ['shop/index.html', 'text/html; charset=utf-8'],
  'shop.js': ['shop/shop.js', 'text/javascript; charset=utf-8'],
  'shop.css': ['shop/shop.css', 'text/css'],
  'partner.js': ['shop/partner.js', 'text/javascript; charset=utf-8'],
  'ohnoes.js': ['../dist/ohnoes.js', 'text/javascript; charset=utf-8'],
  'ohnoes.js.map': ['../dist/ohnoes.js.map', 'application/json'],
  'vitals.js': ['../dist/vitals.js', 'text/javascript; charset=utf-8'],
}

function mountShop(app) {
  app.get('/demo', context => context.redirect('/demo/'))
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
  console.log(`dashboard  ${collector.url}/`)
  console.log(`demo shop  ${collector.url}/demo/`)
  console.log(`DSN        http://${project.key}@${host}/${project.id}`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => collector.close())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
