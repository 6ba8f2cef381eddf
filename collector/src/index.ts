import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { createApp } from './app.tsx'
import type { Stylesheet } from './pages/layout.tsx'
import { createLog, type Log } from './log.ts'
import type { Project } from './project.ts'
import { openSqliteStore } from './sqlite/store.ts'

export { dsnOf, type Project } from './project.ts'

/** A request that is still under way this long after `close` is cut off. */
const CLOSE_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000

export interface CollectorOptions {
  /** 0 for any free one. */
  port: number
  host: string
  dataDir: string
  projects: Project[]
  /** Adds routes of the host's own to the collector's. */
  mount?: (app: Hono) => void
  log?: Log
}

export interface Collector {
  /** Where it listens, without a slash at the end. */
  url: string
  /** Takes no more requests, finishes those under way and everything it acknowledged. */
  close(): Promise<void>
}

/** Opens the store and listens; rejects with a message for people when it cannot. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const {
    port,
    host,
    dataDir,
    projects,
    mount,
    log = createLog(line => process.stderr.write(line)),
  } = options
  const store = await openSqliteStore({ dataDir, log })
  const stylesheet = await readStylesheet()
  const app = createApp({ store, projects, stylesheet, log, mount, now: Date.now })
  // `as`: without options of its own it is an HTTP/1 server.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.requestTimeout = REQUEST_TIMEOUT_MS
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    await store.close()
    throw explained(error, { port, host })
  }

  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    // A connection whose last request has been answered would be kept open for the next one.
    const sweep = setInterval(() => server.closeIdleConnections(), 100)
    const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS)
    await closed
    clearInterval(sweep)
    clearTimeout(cutOff)
    await store.close()
  }
  return { url: urlOf(server), close }
}

function urlOf(server: Server): string {
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('The server listens on no port.')
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

/** The same error with what to do about it, where that is known. */
function explained(error: unknown, { port, host }: { port: number; host: string }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new Error(`Port ${port} on ${host} is taken: stop what uses it, or set PORT to another.`, {
      cause: error,
    })
  if (code === 'EACCES')
    return new Error(`Port ${port} needs more rights than we have: set PORT above 1023.`, { cause: error })
  return error
}

/** Beside src/ and dist/ alike, as tsc copies no stylesheets. */
async function readStylesheet(): Promise<Stylesheet> {
  const text = await readFile(new URL('../assets/dashboard.css', import.meta.url), 'utf8')
  return { path: `/dashboard-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.css`, text }
}
