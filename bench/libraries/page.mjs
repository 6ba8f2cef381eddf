// A browser whose pages can import what build.mjs has built.

import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { readyEngine } from '../../e2e/engines.mjs'
import { launch } from '../../e2e/launch.mjs'
import { readInput } from './build.mjs'

/** @import { Engine } from '../../e2e/browser.ts' */

const here = new URL('.', import.meta.url)

/**
 * `run` is that of a tab, each time in a page of its own.
 * @param {Engine} engine
 */
export async function openBrowser(engine) {
  const browser = await launch(engine, readyEngine(engine))
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    /** @type {import('../../e2e/browser.ts').Tab['run']} */
    run: async (fn, ...args) => {
      const profile = await browser.newProfile()
      try {
        const tab = await profile.open()
        await tab.goto(`http://127.0.0.1:${port}/`)
        return await tab.run(fn, ...args)
      } finally {
        await profile.close()
      }
    },
    close: async () => {
      await browser.close()
      server.close()
    },
  }
}

/** @type {import('node:http').RequestListener} */
async function answer({ url = '/' }, response) {
  if (url === '/')
    return response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>bench</title>')
  if (url === '/input') return response.end(JSON.stringify(readInput()))
  response.setHeader('Content-Type', 'text/javascript')
  const name = basename(url)
  const isOurs = ['pairs.mjs', 'throwing.mjs'].includes(name)
  response.end(await readFile(new URL(isOurs ? name : `dist/${name}`, here)).catch(() => ''))
}
