// The rates of the fleet, as a page hears of them from the real collector.

import { keep, threshold } from 'ohnoes/sampling'
import type { Collector } from './collector.ts'
import { expect, test, type Tab } from './browser.ts'
import type { PageServer } from './server.ts'

declare const ohnoes: typeof import('ohnoes')

interface Arrived {
  message: string
  sid: string
  fp: string
  p: number
}

/** The way to the collector, on another origin than the page, on which everything is seen. */
function watch(server: PageServer, collector: Collector) {
  const arrived: Arrived[] = []
  const rules: { rates: Record<string, number> }[] = []
  server.dsn = `${server.otherOrigin.replace('//', '//demo@')}/1`
  server.route('/api/1/envelope/', async (request, response, body) => {
    const [{ ohnoes }, { type }, event] = body.split('\n').map(line => JSON.parse(line))
    if (type === 'event') arrived.push({ message: event.exception.values.at(-1).value, ...ohnoes })
    const { status } = await fetch(collector.url + request.url, { method: 'POST', body })
    response.writeHead(status, { 'Access-Control-Allow-Origin': '*' }).end('{}')
  })
  server.route('/api/1/sampling', async (request, response) => {
    const answer = await fetch(collector.url + request.url)
    const names = ['access-control-allow-origin', 'cache-control', 'etag', 'content-type']
    response.writeHead(
      answer.status,
      Object.fromEntries(names.map(name => [name, answer.headers.get(name)!])),
    )
    const text = await answer.text()
    rules.push(JSON.parse(text))
    response.end(text)
  })
  return { arrived, rules, messages: () => arrived.map(({ message }) => message).sort() }
}

async function visit(tab: Tab, server: PageServer) {
  await tab.goto(server.url('session.html', { rate: 0 }))
  await tab.run(() => {
    const { dsn, release } = document.scripts[0]!.dataset
    ohnoes.init({ dsn, release, fleetSampling: true, sessionSampleRate: 0 })
  })
}
const report = (tab: Tab, message: string) =>
  tab.run(async message => {
    ohnoes.captureException(Object.assign(new Error('x'), { name: message, message }))
    await ohnoes.flush(10_000)
  }, message)

test('a page asks for the rates at its first error, once', async ({ tab, server, collector }) => {
  const { rules, messages } = watch(server, collector)
  await visit(tab, server)
  await tab.run(() => ohnoes.flush(10_000))
  expect(rules).toEqual([])
  for (const message of ['first', 'second', 'third']) await report(tab, message)
  expect(messages()).toEqual(['first', 'second', 'third'])
  expect(rules).toHaveLength(1)
})

test('what the fleet has too much of leaves the pages of its sample alone', async ({
  tab,
  server,
  collector,
}) => {
  const { arrived } = watch(server, collector)
  // As if the collector had none yet, and nothing for the cache.
  server.route('/api/1/sampling', (_request, response) => response.writeHead(503).end())
  await visit(tab, server)
  await report(tab, 'flood')
  const { sid, fp, p } = arrived[0]!
  expect(p).toBe(1)
  const others = Array.from({ length: 40_000 }, (_, i) => `${server.release} ${i}`)
  for (const other of others.filter(other => keep(other, fp, 0.001)).slice(0, 20)) {
    const header = { ohnoes: { sid: other, fp, u: threshold(other, fp), p: 0.001, n: 1 } }
    const event = { event_id: crypto.randomUUID().replaceAll('-', ''), timestamp: Date.now() / 1000 }
    const body = [header, { type: 'event' }, event].map(line => JSON.stringify(line)).join('\n')
    await fetch(`${collector.url}/api/1/envelope/?sentry_key=demo`, { method: 'POST', body })
  }
  await expect.poll(async () => (await collector.get('sampling?sentry_key=demo')).rates[fp]).toBeLessThan(0.1)
  const since = watch(server, collector)
  await visit(tab, server)
  await report(tab, 'flood')
  const rate = since.rules[0]!.rates[fp]!
  const isKept = keep(sid, fp, rate)
  expect(since.arrived.map(event => event.p)).toEqual(isKept ? [rate] : [])
  const { sent, dropped } = await tab.run(() => ohnoes.getStats())
  expect({ sent, dropped }).toEqual({ sent: +isKept, dropped: isKept ? {} : { sample_rate: 1 } })
})

test('rates that do not come hold nothing up for long, and nothing at all when the page goes', async ({
  tab,
  server,
  collector,
}) => {
  const { messages } = watch(server, collector)
  const release = server.hold('/api/1/sampling')
  await visit(tab, server)
  await report(tab, 'waited')
  expect(messages()).toEqual(['waited'])
  await tab.run(() => {
    const report = (name: string) =>
      ohnoes.captureException(Object.assign(new Error('x'), { name, message: name }))
    addEventListener('pagehide', () => report('in pagehide'))
    document.addEventListener('visibilitychange', () => report('when hidden'))
    report('just before')
  })
  await tab.goto(server.url('harness.html'))
  const all = ['in pagehide', 'just before', 'waited', 'when hidden']
  await expect.poll(messages).toEqual(all)
  release()
  await visit(tab, server)
  await report(tab, 'afterwards')
  expect(messages()).toEqual(['afterwards', ...all])
})
