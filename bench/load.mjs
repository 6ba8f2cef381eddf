// A process that sends envelopes to a collector over a number of connections, each as soon as it has its answer. They are
// made before the clock starts: the collector has to share the processor with what sends them, not with what makes them.
// node load.mjs URL CONNECTIONS SECONDS RUN; prints a line when it begins, and one of JSON in the end: how many were
// acknowledged, and how fast.
import { once } from 'node:events'
import { connect } from 'node:net'
import { envelopeOf } from './envelopes.mjs'

const [url = '', connections = '64', seconds = '10', run = '0'] = process.argv.slice(2)
const { hostname, port } = new URL(url)
const HEAD = `POST /api/1/envelope/?sentry_version=7&sentry_key=demo HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: text/plain;charset=UTF-8\r\nOrigin: https://shop.example\r\nContent-Length: `
const ANSWER = /^HTTP\/1\.1 (\d+)[\s\S]*?\r\n\r\n/

/** More than are sent in a second; past them they are made as they go. */
const MADE_PER_SECOND = 5000

let next = 0
let bytes = 0
let count = 0
const latenciesMs = []
const statuses = {}
const made = Array.from({ length: Number(seconds) * MADE_PER_SECOND }, (_, n) => requestOf(n))
const cpuBefore = process.cpuUsage()
console.log('sending')
const endMs = performance.now() + Number(seconds) * 1000

await Promise.all(Array.from({ length: Number(connections) }, sendUntilTheEnd))
const cpu = process.cpuUsage(cpuBefore)
latenciesMs.sort((a, b) => a - b)
const at = share => latenciesMs[Math.floor(share * (latenciesMs.length - 1))] ?? 0
console.log(
  JSON.stringify({
    acknowledged: statuses[200] ?? 0,
    perSecond: (statuses[200] ?? 0) / Number(seconds),
    meanBytes: bytes / count,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    statuses,
    cpuMs: (cpu.user + cpu.system) / 1000,
  }),
)

async function sendUntilTheEnd() {
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await once(socket, 'connect')
  while (performance.now() < endMs) {
    const request = made[next] ?? requestOf(next)
    made[next++] = undefined
    const sentMs = performance.now()
    socket.write(request)
    const status = await answerOf(socket)
    statuses[status] = (statuses[status] ?? 0) + 1
    if (status === '200') latenciesMs.push(performance.now() - sentMs)
  }
  socket.destroy()
}

function requestOf(n) {
  const { text } = envelopeOf(n, Number(run))
  const length = Buffer.byteLength(text)
  bytes += length
  count++
  return Buffer.from(`${HEAD}${length}\r\n\r\n${text}`)
}

/** Answers are small, and one comes at a time. */
async function answerOf(socket) {
  let text = ''
  for (;;) {
    const [chunk] = await once(socket, 'data')
    text += chunk.toString('latin1')
    const head = ANSWER.exec(text)
    const length = /content-length: (\d+)/i.exec(head?.[0] ?? '')?.[1]
    if (
      head &&
      (length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= head[0].length + Number(length))
    )
      return head[1]
  }
}
