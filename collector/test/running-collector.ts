import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

// The collector as it ships: the built main.js in a process of its own, on a folder of its own.

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface RunningCollector {
  url: string
  process: ChildProcess
  /** Everything it wrote to stderr so far. */
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

export async function runCollector(dataDir: string, port = 0): Promise<RunningCollector> {
  const { child, errors } = start({ PORT: String(port), OHNOES_DATA: dataDir })
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

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, HOST: '', ...env } })
  let text = ''
  child.stderr.on('data', chunk => (text += chunk))
  return { child, errors: () => text }
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
