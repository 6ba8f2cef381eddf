import { once } from 'node:events'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { createAccess } from './access.ts'
import { createApp } from './app.tsx'
import { readAssets } from './assets.ts'
import { createAddressOf } from './client-address.ts'
import { isLoopback } from './config.ts'
import { createLimits } from './limits.ts'
import { createLog, type Log } from './log.ts'
import { createSampling } from './sampling.ts'
import { createSymbolicator } from './maps/symbolicator.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { hashPassword, isPassword } from './password.ts'
import { dsnOf } from './project.ts'
import type { NewProject } from './project-store.ts'
import { followProjects } from './projects.ts'
import { startRegrouping } from './regrouping.ts'
import { openSqliteStore } from './sqlite/store.ts'
import type { Store } from './store.ts'
import { startUpkeep } from './upkeep.ts'

export type { NewProject } from './project-store.ts'

/** A request that is still under way this long after `close` is cut off. */
const CLOSE_TIMEOUT_MS = 10_000
const PROXY_KEEP_ALIVE_MS = 150_000
/** Who is slower than that sends to keep us busy. */
const SERVER_OPTIONS = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 5000,
}

export interface CollectorOptions {
  /** 0 for any free one. */
  port: number
  /** Anything but a loopback address needs a password. */
  host: string
  dataDir: string
  /** Projects that are made where they are not there yet. */
  projects?: NewProject[]
  /** How browsers reach it, where that is another address than its own. */
  publicUrl?: string | undefined
  /** Of the dashboard; it replaces the one that is stored. */
  password?: string | undefined
  /** How many proxies stand before it, each of which appends to `X-Forwarded-For`. */
  trustedProxies?: number
  /** Above it old events are thinned out. */
  maxStoreBytes?: number
  /** Adds routes of the host's own to the collector's. */
  mount?: (app: Hono) => void
  log?: Log
}

export interface Collector {
  /** Where it listens, without a slash at the end. */
  url: string
  /** One for each project. */
  dsns(): string[]
  /** Takes no more requests, finishes those under way and everything it acknowledged. */
  close(): Promise<void>
}

/** Opens the store and listens; rejects with a message for people when it cannot. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { port, host, dataDir, log = createLog(line => process.stderr.write(line)) } = options
  const metrics = createMetrics()
  const store = await openSqliteStore({ dataDir, log, metrics })
  try {
    await makeMissing(options.projects ?? [], store)
    await setPassword(options.password, store)
    await checkHost(host, store)
    return await listen({ ...options, log, metrics }, store)
  } catch (error) {
    await store.close()
    throw explained(error, { port, host })
  }
}

async function listen(
  options: CollectorOptions & { log: Log; metrics: Metrics },
  store: Store,
): Promise<Collector> {
  const { port, host, publicUrl, mount, log, metrics } = options
  const now = Date.now
  const limits = createLimits(now)
  const projects = await followProjects({ store, limits, now, log })
  const sampling = createSampling({ store, now, log })
  const symbolicator = createSymbolicator({ store, cacheDir: join(options.dataDir, 'maps'), now })
  const regrouping = startRegrouping({ store, symbolicator, now, log })
  const app = createApp({
    store,
    symbolicator,
    regrouping,
    projects,
    limits,
    sampling,
    metrics,
    access: createAccess({ store, now, isSecure: publicUrl?.startsWith('https:') ?? false }),
    addressOf: createAddressOf(options.trustedProxies ?? 0),
    assets: await readAssets(),
    publicUrl,
    log,
    mount,
    now,
  })
  // `as`: without a server of its own it is an HTTP/1 server.
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: SERVER_OPTIONS }) as Server
  // Longer than a proxy keeps a connection: it would send the next request into one that we are closing.
  if (options.trustedProxies) server.keepAliveTimeout = PROXY_KEEP_ALIVE_MS
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    projects.close()
    sampling.close()
    await regrouping.close()
    await symbolicator.close()
    throw error
  }
  const url = urlOf(server)
  const upkeep = startUpkeep({
    store,
    projects: projects.all,
    maxBytes: options.maxStoreBytes ?? Infinity,
    now,
    log,
  })
  return {
    url,
    dsns: () => projects.all().map(project => dsnOf(project, publicUrl ?? url)),
    async close() {
      await drain(server)
      projects.close()
      sampling.close()
      upkeep.close()
      await regrouping.close()
      await symbolicator.close()
      await store.close()
    },
  }
}

/** Resolves once every request has been answered, or cut off. */
async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection whose last request has been answered would be kept open for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), 100)
  const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS)
  await closed
  clearInterval(sweep)
  clearTimeout(cutOff)
}

async function makeMissing(wanted: NewProject[], store: Store): Promise<void> {
  const there = new Set((await store.projects()).map(({ id }) => id))
  for (const project of wanted)
    if (project.id === undefined ? !there.size : !there.has(project.id)) await store.createProject(project)
}

async function setPassword(password: string | undefined, store: Store): Promise<void> {
  if (password === undefined) return
  const hash = await store.passwordHash()
  // Set anew, it would end all logins.
  if (hash === null || !(await isPassword(password, hash)))
    await store.setPasswordHash(await hashPassword(password))
}

async function checkHost(host: string, store: Store): Promise<void> {
  if (isLoopback(host) || (await store.passwordHash()) !== null) return
  throw new Error(
    `HOST ${JSON.stringify(host)} is refused: without a password only 127.0.0.1 is safe. Set OHNOES_PASSWORD, or unset HOST.`,
  )
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
