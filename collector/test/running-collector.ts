import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

// The collector as it ships: the built main.js in a process of its own, on a folder of its own.

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** Whether this is `npm run crash`, `fuzz` or `disk-full`: the same tests at full length. */
export const IS_PROOF = process.env.MODE === 'proof'

export interface RunningCollector {
  url: string
  process: ChildProcess
  /** What it wrote to stderr so far, but for what went well. */
  errors: () => string
  /** Posts an envelope with the demo key. */
  post(body: BodyInit, init?: RequestInit): Promise<Response>
  get(path: string): Promise<any>
  /** Its exit code, once it has ended; null when a signal ended it. */
  ended: Promise<number | null>
  stop(signal: NodeJS.Signals): Promise<unknown>
}

export const newDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'ohnoes-collector-'))
export const removeDataDir = (dataDir: string): Promise<void> => rm(dataDir, { recursive: true, force: true })

/** Runs main.js to its end; for starts that are to fail. */
export async function runToEnd(
  env: Record<string, string>,
): Promise<{ code: number | null; errors: string }> {
  const { child, errors } = start(env)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, errors: errors() }
}

/** Runs a command on the data of a collector to its end. */
export async function runCommand(
  dataDir: string,
  words: string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<{ code: number | null; output: string; errors: string }> {
  const { child, errors } = start({ OHNOES_DATA: dataDir, ...env }, words)
  let output = ''
  child.stdout.on('data', chunk => (output += chunk))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output, errors: errors() }
}

export async function runCollector(
  dataDir: string,
  port = 0,
  env: Record<string, string> = {},
): Promise<RunningCollector> {
  const { child, errors } = start({ PORT: String(port), OHNOES_DATA: dataDir, ...env })
  const lines = createInterface({ input: child.stdout! })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const [line] = (await Promise.race([once(lines, 'line'), ended.then(() => [''])])) as [string]
  const url = /http:\/\/[^\s/]+/.exec(line)?.[0]
  if (!url) throw new Error(`The collector did not start: ${errors()}`)
  return {
    url,
    process: child,
    errors,
    post: (body, init) =>
      fetch(`${url}/api/1/envelope/?sentry_version=7&sentry_key=demo`, { method: 'POST', body, ...init }),
    async get(path) {
      const response = await fetch(url + path)
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
    ended,
    stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}

function start(env: Record<string, string>, words: string[] = []) {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { ...process.env, HOST: '', OHNOES_KEY: 'demo', ...env },
  })
  let text = ''
  child.stderr.on('data', chunk => (text += chunk))
  // Its log says there, too, what goes well.
  return { child, errors: () => text.replace(/^\{.*"level":"info".*\}\n/gm, '') }
}

/** Numbers from 0 to below 1, the same in every run (mulberry32). */
export function repeatableRandom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

let eventCount = 0

/** An event that is unlike every other, with what a test cares about on top. */
export function anEvent(fields: Record<string, unknown> = {}): Record<string, any> {
  return {
    event_id: (++eventCount).toString(16).padStart(32, '0'),
    timestamp: Date.now() / 1000,
    platform: 'javascript',
    exception: { values: [{ type: 'TypeError', value: 'x is not a function' }] },
    ...fields,
  }
}

/** The envelope of one event as the bundle sends it. */
export const envelopeOf = (event: Record<string, unknown>, header: Record<string, unknown> = {}): string =>
  [
    JSON.stringify({ event_id: event.event_id, sent_at: new Date().toISOString(), ...header }),
    '{"type":"event"}',
    JSON.stringify(event),
  ].join('\n')

/** An envelope of items, each `[header, payload]`. */
export const envelopeOfItems = (
  items: [header: Record<string, unknown>, payload: unknown][],
  header: Record<string, unknown> = {},
): string =>
  [header, ...items.flat()].map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')

let metricCount = 0

/** A metric item that is unlike every other, as `ohnoes/vitals` sends it; each row is `[metric, page, value, weight]`. */
export function aMetricItem(
  rows: [metric: string, page: string, value: number, weight?: number][],
): [Record<string, unknown>, Record<string, unknown>] {
  const items = rows.map(([metric, page, value, weight = 1]) => ({
    timestamp: Date.now() / 1000,
    trace_id: (++metricCount).toString(16).padStart(32, '0'),
    name: `browser.web_vital.${metric.toLowerCase()}`,
    type: 'distribution',
    unit: metric === 'CLS' ? '' : 'millisecond',
    value,
    attributes: { page: { value: page, type: 'string' }, weight: { value: weight, type: 'double' } },
  }))
  const header = {
    type: 'trace_metric',
    item_count: items.length,
    content_type: 'application/vnd.sentry.items.trace-metric+json',
  }
  return [header, { version: 2, items }]
}

let sessionCount = 0

/** A session item of a new session, with what a test cares about on top. */
export function aSessionItem(
  fields: Record<string, unknown> = {},
): [Record<string, unknown>, Record<string, unknown>] {
  const now = new Date().toISOString()
  return [
    { type: 'session' },
    {
      sid: (++sessionCount).toString(16).padStart(32, '0'),
      init: true,
      started: now,
      timestamp: now,
      status: 'ok',
      errors: 0,
      attrs: { release: 'shop@1', environment: 'test' },
      ...fields,
    },
  ]
}
