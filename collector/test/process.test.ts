import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  anEvent,
  envelopeOf,
  newDataDir,
  removeDataDir,
  runCollector,
  type RunningCollector,
  runToEnd,
} from './running-collector.ts'

let dataDir: string
const running: RunningCollector[] = []
const start = async (port?: number) => {
  const collector = await runCollector(dataDir, port)
  running.push(collector)
  return collector
}
beforeEach(async () => {
  dataDir = await newDataDir()
})
afterEach(async () => {
  for (const collector of running.splice(0)) await collector.stop('SIGKILL')
  await removeDataDir(dataDir)
})

const onlyGroup = async (collector: RunningCollector) => {
  const { groups } = await collector.get('/api/1/groups')
  expect(groups).toHaveLength(1)
  return groups[0]
}

test('an event that was acknowledged is there once after kill -9, and is still a duplicate', async () => {
  const event = anEvent()
  const first = await start()
  expect((await first.post(envelopeOf(event))).status).toBe(200)
  await first.stop('SIGKILL')

  const second = await start()
  expect((await second.get(`/api/1/events/${event.event_id}`)).event_id).toBe(event.event_id)
  expect((await second.post(envelopeOf(event))).status).toBe(200)
  expect((await onlyGroup(second)).occurrences.estimate).toBe(1)
  expect(await second.get('/api/1/outcomes')).toMatchObject({
    accepted: 2,
    stored: 1,
    filtered: { duplicate: 1 },
  })
})

test('whatever was acknowledged before kill -9 under load is there afterwards', async () => {
  const first = await start()
  const acknowledged: string[] = []
  const posts = Array.from({ length: 300 }, async () => {
    const event = anEvent()
    const response = await first.post(envelopeOf(event)).catch(() => undefined)
    if (response?.status !== 200) return
    acknowledged.push(event.event_id)
    if (acknowledged.length === 50) first.process.kill('SIGKILL')
  })
  await Promise.all(posts)
  expect(acknowledged.length).toBeGreaterThanOrEqual(50)

  const second = await start()
  for (const id of acknowledged) expect((await second.get(`/api/1/events/${id}`)).event_id).toBe(id)
  expect((await onlyGroup(second)).occurrences.estimate).toBeGreaterThanOrEqual(acknowledged.length)
})

test('on SIGTERM a request that is under way is finished, then it ends with 0', async () => {
  const collector = await start()
  const event = anEvent()
  const [head, ...rest] = envelopeOf(event).split('\n')
  const answered = new Promise<number | undefined>((resolve, reject) => {
    const post = request(`${collector.url}/api/1/envelope/?sentry_key=demo`, { method: 'POST' }, response => {
      response.resume()
      resolve(response.statusCode)
    })
    post.on('error', reject)
    post.write(`${head}\n`, async () => {
      // An answer to a later request says that the first half of ours has been taken.
      await collector.get('/healthz')
      collector.process.kill('SIGTERM')
      await expect
        .poll(() =>
          fetch(`${collector.url}/healthz`).then(
            () => 'open',
            () => 'closed',
          ),
        )
        .toBe('closed')
      post.end(rest.join('\n'))
    })
  })
  expect(await answered).toBe(200)
  expect(await collector.ended).toBe(0)
  expect((await (await start()).get(`/api/1/events/${event.event_id}`)).event_id).toBe(event.event_id)
})

test('a port that is taken is said in one line, and the exit code is 1', async () => {
  const { port } = new URL((await start()).url)
  const { code, errors } = await runToEnd({ PORT: port, OHNOES_DATA: dataDir })
  expect(code).toBe(1)
  expect(errors).toBe(`Port ${port} on 127.0.0.1 is taken: stop what uses it, or set PORT to another.\n`)
})

test.each([
  [{ HOST: '0.0.0.0' }, /^HOST "0\.0\.0\.0" is refused.*\n$/],
  [{ PORT: 'http' }, /^PORT "http" is refused.*\n$/],
  [{ PORT: '70000' }, /^PORT "70000" is refused.*\n$/],
])('a start with %j is refused in one line', async (env, message) => {
  const { code, errors } = await runToEnd({ OHNOES_DATA: dataDir, PORT: '0', ...env })
  expect(code).toBe(1)
  expect(errors).toMatch(message)
})
