import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anEvent,
  envelopeOf,
  newDataDir,
  removeDataDir,
  runCollector,
  type RunningCollector,
} from './running-collector.ts'

let dataDir: string
let collector: RunningCollector
beforeAll(async () => {
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
})
afterAll(async () => {
  await collector.stop('SIGTERM')
  await removeDataDir(dataDir)
})

const portOf = () => Number(new URL(collector.url).port)

async function openSocket(): Promise<Socket> {
  const socket = connect(portOf(), '127.0.0.1')
  socket.on('error', () => {}) // it may be cut off
  await once(socket, 'connect')
  return socket
}

/** What comes back for bytes that no well-behaved client would send. */
async function answerTo(bytes: string): Promise<string> {
  const socket = await openSocket()
  let answer = ''
  socket.on('data', chunk => (answer += String(chunk)))
  socket.write(bytes)
  // Not once(): that fails where the collector cuts the connection while it is written to.
  await new Promise(resolve => socket.on('close', resolve))
  return answer
}

const isTakingReports = async () => (await collector.post(envelopeOf(anEvent()))).status === 200

test.each([
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/dashboard-/../../package.json',
  '/api/..%2f..%2f/groups',
  '/api/1/../../../etc/passwd',
  '/projects/..%2f1/groups',
  '/api/1/events/..%2f..%2fohnoes.db',
  '/%00',
])('no file is at %s', async path => {
  const answer = await answerTo(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(answer).not.toMatch(/root:|"version":/)
})

test.each([
  ['one header of a megabyte', `X-Flood: ${'x'.repeat(1024 * 1024)}\r\n`],
  ['ten thousand headers', Array.from({ length: 10_000 }, (_, n) => `X-${n}: x\r\n`).join('')],
])('%s is cut off', async (_, headers) => {
  const answer = await answerTo(`POST /api/1/envelope/ HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  expect(await isTakingReports()).toBe(true)
})

test.each([
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n'],
  ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'],
  ['a length that is none', 'Content-Length: -1\r\n'],
])('a request with %s, as one uses to smuggle another past a proxy, is refused', async (_, headers) => {
  const answer = await answerTo(
    `POST /api/1/envelope/?sentry_key=demo HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n{}\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
})

test('hundreds of clients that never finish keep nobody else from reporting', async () => {
  const sockets = await Promise.all(Array.from({ length: 300 }, openSocket))
  const half = `POST /api/1/envelope/?sentry_key=demo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n\r\n{}\n`
  for (const socket of sockets) socket.write(half)
  expect(await isTakingReports()).toBe(true)
  for (const socket of sockets) socket.destroy()
  expect(await isTakingReports()).toBe(true)
})

test('a client that is too slow with its headers is cut off', async () => {
  // Ten seconds it has, and five more until somebody looks: the answer is what is waited for.
  expect(await answerTo('POST /api/1/envelope/ HTTP/1.1\r\nHost: 127.0.0.1\r\n')).toMatch(/^HTTP\/1\.1 408 /)
}, 60_000)

test('what was thrown at it is in no log as a fault of ours', () => {
  expect(collector.errors()).toBe('')
})
