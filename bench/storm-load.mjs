// A process that sends the reports of one new error to a collector, each when it is due, however many are unanswered:
// node storm-load.mjs URL PER_SECOND SECONDS. Every session meets the error twice, three seconds apart, and its pages know
// no rates. Prints one line of JSON: what was sent, how it was answered, and what the collector should come to.
import { once } from 'node:events'
import { connect } from 'node:net'
import { threshold } from '../dist/sampling.mjs'
import { envelopeOf } from './envelopes.mjs'

const [url = '', perSecond = '5000', seconds = '30'] = process.argv.slice(2)
const { hostname, port } = new URL(url)
const HEAD = `POST /api/1/envelope/?sentry_version=7&sentry_key=demo HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: text/plain;charset=UTF-8\r\nOrigin: https://shop.example\r\nContent-Length: `
const MAX_CONNECTIONS = 1000
const ANSWER_WITHIN_MS = 30_000
const FP = '57012a57012a5701'
const [, ITEM, EVENT = ''] = envelopeOf(0).text.split('\n')
const { event_id: ID, timestamp: TIME } = JSON.parse(EVENT)

const total = perSecond * seconds
/** Pairs of reports: the second one comes that many later. */
const REPEAT = 3 * perSecond
const idle = []
const waiting = []
const latenciesMs = []
const statuses = {}
const sessions = new Set()
let connections = 0
let mostConnections = 0
let answered = 0
let allAnswered = () => {}

const startMs = performance.now()
for (let n = 0; n < total;) {
  const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond))
  for (; n < due; n++) send({ n, dueMs: startMs + (n / perSecond) * 1000 })
  await new Promise(resolve => setTimeout(resolve, 2))
}
const sentMs = performance.now() - startMs
await new Promise(resolve => {
  allAnswered = resolve
  if (answered === total) resolve()
  else setTimeout(resolve, ANSWER_WITHIN_MS)
})
latenciesMs.sort((a, b) => a - b)
const at = share => latenciesMs[Math.floor(share * (latenciesMs.length - 1))]
console.log(
  JSON.stringify({
    offered: total,
    offeredPerSecond: total / (sentMs / 1000),
    sessions: sessions.size,
    statuses,
    unanswered: total - answered,
    connections: mostConnections,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  }),
)
process.exit()

function send(report) {
  const socket = idle.pop()
  if (socket) return write(socket, report)
  waiting.push(report)
  if (connections < MAX_CONNECTIONS) open()
}

async function open() {
  mostConnections = Math.max(mostConnections, ++connections)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  let text = ''
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
    const [head, length] = /^[\s\S]*?content-length: (\d+)[\s\S]*?\r\n\r\n/i.exec(text) ?? []
    if (head === undefined || text.length < head.length + Number(length)) return
    onAnswer(socket, text.slice(9, 12))
    text = ''
  })
  // The collector closes what has been idle for some seconds.
  socket.on('close', () => {
    connections--
    if (idle.includes(socket)) idle.splice(idle.indexOf(socket), 1)
  })
  await once(socket, 'connect')
  next(socket)
}

function next(socket) {
  const report = waiting.shift()
  if (report) write(socket, report)
  else idle.push(socket)
}

function onAnswer(socket, status) {
  statuses[status] = (statuses[status] ?? 0) + 1
  latenciesMs.push(performance.now() - socket.dueMs)
  answered++
  next(socket)
  if (answered === total) allAnswered()
}

function write(socket, { n, dueMs }) {
  socket.dueMs = dueMs
  const sid = `visitor ${n % (2 * REPEAT) < REPEAT ? n : n - REPEAT}`
  sessions.add(sid)
  const eventId = n.toString(16).padStart(32, '0')
  const claim = { sid, fp: FP, u: threshold(sid, FP), p: 1, n: 1 }
  const event = EVENT.replace(ID, eventId).replace(String(TIME), String(Date.now() / 1000))
  const body = `${JSON.stringify({ event_id: eventId, ohnoes: claim })}\n${ITEM}\n${event}`
  socket.write(`${HEAD}${body.length}\r\n\r\n${body}`)
}
