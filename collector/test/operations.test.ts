import { createServer } from 'node:net'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  anEvent,
  envelopeOf,
  newDataDir,
  removeDataDir,
  runCollector,
  runCommand,
  type RunningCollector,
  runToEnd,
} from './running-collector.ts'

let dataDir: string
let collector: RunningCollector | undefined
beforeEach(async () => {
  dataDir = await newDataDir()
})
afterEach(async () => {
  await collector?.stop('SIGKILL')
  collector = undefined
  await removeDataDir(dataDir)
})
const start = async (env: Record<string, string> = {}) => (collector = await runCollector(dataDir, 0, env))
const doctor = async (env: Record<string, string> = {}) => {
  const { code, output } = await runCommand(dataDir, ['doctor'], { env })
  return { code, lines: output.trim().split('\n') }
}

test('/metrics says in Prometheus’ words what came in and how long it took', async () => {
  const { url, post } = await start()
  await Promise.all(Array.from({ length: 5 }, () => post(envelopeOf(anEvent()))))
  await post('nonsense')
  await expect
    .poll(async () => (await collector!.get('/api/1/outcomes')).invalid)
    .toEqual({ invalid_envelope_header: 1 })
  const response = await fetch(`${url}/metrics`)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  const text = await response.text()
  // Each line is a comment, or a name, labels and a number.
  for (const line of text.trim().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_]\w*(\{.*\})? [-+.\deE]+|[a-z_]\w*(\{.*\})? Nan|)$/)
  for (const line of [
    'ohnoes_outcomes_total{project="1",kind="stored",reason=""} 5',
    'ohnoes_outcomes_total{project="1",kind="invalid",reason="invalid_envelope_header"} 1',
    'ohnoes_envelope_seconds_count{status="200"} 5',
    'ohnoes_envelope_seconds_count{status="400"} 1',
    'ohnoes_commit_failures_total 0',
  ])
    expect(text).toContain(line + '\n')
  expect(Number(/^ohnoes_store_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(4096)
  expect(Number(/^ohnoes_commit_seconds_count (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0)
})

test('with a password, /metrics is for a token of its scope', async () => {
  const { url } = await start({ OHNOES_PASSWORD: 'correct horse' })
  expect((await fetch(`${url}/metrics`)).status).toBe(401)
  const { output } = await runCommand(dataDir, ['token', 'create', '*', 'metrics'])
  const headers = { authorization: `Bearer ${output.split('\n')[0]}` }
  expect((await fetch(`${url}/metrics`, { headers })).status).toBe(200)
  expect((await fetch(`${url}/api/1/groups`, { headers })).status).toBe(403)
})

test('the log is one JSON object a line, from the start to the end', async () => {
  await start()
  let log = ''
  collector!.process.stderr!.on('data', chunk => (log += chunk))
  expect(await collector!.stop('SIGTERM')).toBe(0)
  const entries = log
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(entries.slice(-2)).toMatchObject([
    { level: 'info', message: 'Closing: requests under way are finished.' },
    { level: 'info', message: 'Closed.' },
  ])
  for (const { time } of entries) expect(new Date(time).toISOString()).toBe(time)
})

test('a start with several bad variables names all of them at once', async () => {
  const { code, errors } = await runToEnd({
    OHNOES_DATA: dataDir,
    PORT: 'http',
    OHNOES_URL: 'x',
    OHNOES_KEY: '?',
  })
  expect(code).toBe(1)
  expect(
    errors
      .trim()
      .split('\n')
      .map(line => line.split(' ')[0]),
  ).toEqual(['PORT', 'OHNOES_URL', 'OHNOES_KEY'])
})

test('doctor finds nothing wrong with a collector that runs, nor with one that can start', async () => {
  const before = await doctor({ PORT: '4' })
  expect(before.lines).toEqual(before.lines.filter(line => line.startsWith('ok ')))
  expect([before.code, before.lines.join()]).toEqual([0, expect.stringContaining('the first start makes it')])
  const { url } = await start()
  const running = await doctor({ PORT: new URL(url).port })
  expect(running.code).toBe(0)
  expect(running.lines.join()).toContain(`a collector answers at ${url}/healthz`)
  expect(running.lines.join()).toContain('1 projects, each with a key that works')
})

test('doctor names what is wrong, with what to do', async () => {
  await start()
  await collector!.stop('SIGTERM')
  const { output } = await runCommand(dataDir, ['key', 'list', '1'])
  await runCommand(dataDir, ['key', 'set', '1', output.split(' ')[0]!, '--enabled', 'no'])
  const other = createServer(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  // `as`: it listens on a port.
  const { port } = other.address() as { port: number }
  const { code, lines } = await doctor({
    PORT: String(port),
    OHNOES_URL: 'https://errors.example.com',
    OHNOES_MAX_STORE: '100MB',
  })
  other.close()
  expect(code).not.toBe(0)
  const bad = lines.filter(line => line.startsWith('BAD'))
  expect(bad).toEqual([
    expect.stringContaining('project 1 has no key that works: ohnoes-collector key create'),
    expect.stringContaining('others can reach the dashboard: set OHNOES_PASSWORD'),
    expect.stringContaining('is no collector: set PORT to another'),
  ])
})

test('doctor sees a damaged database', async () => {
  await writeFile(join(dataDir, 'ohnoes.db'), 'this is no database, and never was one'.repeat(500))
  const { code, lines } = await doctor({ PORT: '4' })
  expect(code).not.toBe(0)
  expect(lines.filter(line => line.startsWith('BAD')).join('\n')).toMatch(
    /file is not a database.*put a backup in its place[\s\S]*the store does not open/,
  )
})
