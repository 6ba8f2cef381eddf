// Runs the real collector, as it ships, on a folder of its own.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startChild } from './child.mjs'

const MAIN = fileURLToPath(new URL('../collector/dist/main.js', import.meta.url))
const PROJECT = 1
const KEY = 'demo'
const TIMEOUT_MS = 15_000
const POLL_MS = 50

/** JSON of the collector's API. `any`, because a spec that asserts on it is the check of its shape. */
type Json = Record<string, any>

/** An event in Sentry's shape, with what the collector adds to frames. */
export type StoredEvent = Json

export interface Collector {
  url: string
  dsn: string
  /** All stored events in full, oldest first; only those of one release if given. */
  events(release?: string): Promise<StoredEvent[]>
  /** Waits until the stored events satisfy the predicate, and returns them. */
  waitForEvents(predicate: (events: StoredEvent[]) => boolean, release?: string): Promise<StoredEvent[]>
  /** An answer of the JSON API, by its path after the project (`groups`, `outcomes`). */
  get(path: string): Promise<Json>
  /** Runs a command of the collector on its data and resolves with what it printed. */
  command(...words: string[]): Promise<string>
  close(): Promise<void>
}

/** `main` is what runs it: a program that prints its address first, as demo/start.mjs does too. */
export async function startCollector(main = MAIN): Promise<Collector> {
  const data = await mkdtemp(join(tmpdir(), 'ohnoes-e2e-'))
  const { child, ended, stop } = startChild(process.execPath, [main], {
    env: { ...process.env, PORT: '0', HOST: '', OHNOES_KEY: KEY, OHNOES_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const failed = ended.then(how => Promise.reject(new Error(`the collector ${how}`)))
  failed.catch(() => {}) // its end is expected once it is closed
  const lines = createInterface({ input: child.stdout! })
  const line = new Promise<string>(resolve => lines.once('line', resolve))
  const url = /https?:\/\/[^\s/]+/.exec(await Promise.race([line, failed]))?.[0]
  if (!url) throw new Error(`the collector did not start with its URL but with: ${await line}`)

  const get = async (path: string): Promise<Json> => {
    const response = await fetch(`${url}/api/${PROJECT}/${path}`)
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Json
  }
  /** All pages of a list. */
  const list = async (path: string, key: 'groups' | 'events') => {
    const rows: Json[] = []
    for (let next: string | null = ''; next !== null;) {
      const page = await get(next ? `${path}?cursor=${encodeURIComponent(next)}` : path)
      rows.push(...page[key])
      next = page.next ?? null
    }
    return rows
  }

  const events = async (release?: string) => {
    const groups = await list('groups', 'groups')
    const rows = await Promise.all(groups.map(group => list(`groups/${group.id}/events`, 'events')))
    const wanted = rows.flat().filter(row => release === undefined || row.release === release)
    const found = await Promise.all(wanted.map(row => get(`events/${row.event_id}`)))
    return found.sort((a, b) => a.timestamp - b.timestamp)
  }

  const waitForEvents: Collector['waitForEvents'] = async (predicate, release) => {
    const deadline = Date.now() + TIMEOUT_MS
    for (;;) {
      const found = await events(release)
      if (predicate(found)) return found
      if (Date.now() > deadline)
        throw new Error(
          `not the events waited for within ${TIMEOUT_MS} ms: ${JSON.stringify(found, null, 2)}`,
        )
      await new Promise(resolve => setTimeout(resolve, POLL_MS))
    }
  }

  return {
    url,
    dsn: `${url.replace('//', `//${KEY}@`)}/${PROJECT}`,
    events,
    waitForEvents,
    get,
    async command(...words) {
      const env = { ...process.env, OHNOES_DATA: data }
      return (await promisify(execFile)(process.execPath, [MAIN, ...words], { env })).stdout
    },
    close: async () => {
      await stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}
