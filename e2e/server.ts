// Serves page files and the built bundle, on two origins, and nothing else of the repository: whatever a page runs
// is what ships.

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.json': 'application/json',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => unknown

export interface PageServer {
  origin: string
  /** The same files from a second origin (another port). */
  otherOrigin: string
  /** What `{{dsn}}` stands for: this server, unless the test asks for the `collector` fixture. */
  dsn: string
  /** What `{{release}}` stands for: a new one for each test, to know its events by. */
  release: string
  /**
   * The address of a page file (`errors.html`) or of a built file (`dist/ohnoes.js`). Options: `csp` (a
   * Content-Security-Policy, in which `{{nonce}}` works too), `header` (`Name: value`), `status`, `delay` in ms.
   * In page files `{{name}}` stands for any option by that name, and `{{snippet}}` for the built snippet's text.
   */
  url(file: string, options?: Record<string, string | number>): string
  /** Answers a path, of both origins, instead of a file. */
  route(path: string, handler: Handler): void
  /** Holds back all answers to a path until the returned function is called. */
  hold(path: string): () => void
  /** Files served so far, as paths from the root of the repository. */
  served: string[]
  close(): Promise<void>
}

export async function startServer(): Promise<PageServer> {
  const routes = new Map<string, Handler>()
  const holds = new Map<string, Promise<void>>()
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    respond(request, response).catch(error => {
      if (!response.headersSent) response.writeHead(500)
      response.end(String(error))
    })
  }
  const servers = [createServer(answer), createServer(answer)]
  const [origin, otherOrigin] = (await Promise.all(servers.map(listen))) as [string, string]

  const pages: PageServer = {
    origin,
    otherOrigin,
    dsn: `${origin.replace('//', '//demo@')}/1`,
    release: randomUUID(),
    url: (file, options = {}) => {
      const query = new URLSearchParams(Object.entries(options).map(([name, value]) => [name, String(value)]))
      return `${origin}/${file}${query.size ? `?${query}` : ''}`
    },
    route: (path, handler) => void routes.set(path, handler),
    hold: path => {
      let release = () => {}
      holds.set(path, new Promise(resolve => (release = resolve)))
      return release
    },
    served: [],
    close: async () => {
      await Promise.all(servers.map(close))
    },
  }
  return pages

  async function respond(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin)
    const body = await read(request)
    await holds.get(pathname)
    const route = routes.get(pathname)
    if (route) return route(request, response, body)
    // Without an answer browsers keep asking for it
    if (pathname === '/favicon.ico') return response.writeHead(204).end()

    const file = repositoryPath(pathname)
    const content = file && (await readFile(ROOT + file).catch(() => undefined))
    if (!content) return response.writeHead(404).end()
    pages.served.push(file)

    await wait(Number(searchParams.get('delay') ?? 0))
    const values: Record<string, string> = {
      ...Object.fromEntries(searchParams),
      origin,
      otherOrigin,
      nonce: randomUUID(),
      dsn: pages.dsn,
      release: pages.release,
    }
    const fill = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (whole, name) => values[name] ?? whole)
    if (content.includes('{{snippet}}')) values.snippet = await readFile(`${ROOT}dist/snippet.js`, 'utf8')
    response.setHeader('Content-Type', CONTENT_TYPES[extname(file)] ?? 'application/octet-stream')
    const csp = searchParams.get('csp')
    if (csp) response.setHeader('Content-Security-Policy', fill(csp))
    for (const header of searchParams.getAll('header')) {
      const [, name, value] = /^([^:]+): *(.*)$/.exec(header) ?? []
      if (name) response.setHeader(name, fill(value ?? ''))
    }
    response.writeHead(Number(searchParams.get('status') ?? 200))
    response.end(file.endsWith('.html') ? fill(content.toString()) : content)
  }
}

/** `dist/` as it is, everything else from the page files; a URL is already without `..`, but not without `%2e`. */
function repositoryPath(pathname: string): string | undefined {
  if (!/^(\/[\w-][\w.-]*)+$/.test(pathname)) return undefined
  return pathname.startsWith('/dist/') ? pathname.slice(1) : `e2e/pages${pathname}`
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
