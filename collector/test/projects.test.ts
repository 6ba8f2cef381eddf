import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anEvent,
  envelopeOf,
  envelopeOfItems,
  newDataDir,
  removeDataDir,
  runCollector,
  runCommand,
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

/** Runs a command beside the running collector, and expects it to do its work. */
async function command(...words: string[]): Promise<string> {
  const { code, output, errors } = await runCommand(dataDir, words)
  expect([code, errors]).toEqual([0, ''])
  return output.trim()
}

/** A new project and its key. */
async function newProject(name: string): Promise<{ id: string; key: string }> {
  const [project = '', key = ''] = (await command('project', 'create', name)).split('\n')
  return { id: project.split(' · ')[0]!, key: key.split(' · ')[0]! }
}

const post = (id: string, key: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${collector.url}/api/${id}/envelope/?sentry_key=${key}`, { method: 'POST', body, headers })

const answerOf = async (response: Response) => [response.status, (await response.json()).error]

/** What the collector answers in the end to an envelope that leaves nothing. */
const poll = (id: string, key: string, headers?: Record<string, string>) =>
  expect.poll(async () => answerOf(await post(id, key, '{}', headers)), { timeout: 10_000 })

/** Waits until the collector has seen all changes so far: it takes a key that is made after them. */
async function settled(id: string): Promise<void> {
  const [key = ''] = (await command('key', 'create', id)).split(' · ')
  await poll(id, key).toEqual([200, undefined])
}

test('projects made beside a running collector are taken up, and each has its own', async () => {
  const a = await newProject('Shop A')
  const b = await newProject('Shop B')
  expect(a.id).not.toBe(b.id)
  await poll(b.id, b.key).toEqual([200, undefined])
  const event = anEvent()
  expect((await post(a.id, a.key, envelopeOf(event))).status).toBe(200)
  expect(await answerOf(await post(a.id, b.key, envelopeOf(anEvent())))).toEqual([403, 'wrong_key'])
  expect((await collector.get(`/api/${a.id}/events/${event.event_id}`)).event_id).toBe(event.event_id)
  expect((await fetch(`${collector.url}/api/${b.id}/events/${event.event_id}`)).status).toBe(404)
  expect((await collector.get(`/api/${b.id}/groups`)).groups).toEqual([])
  expect(await command('project', 'list')).toMatch(/^1 · Project 1 .*\n.*Shop A.*\n.*Shop B/)
})

test('the same event id in two projects is two events', async () => {
  const a = await newProject('C')
  const b = await newProject('D')
  await poll(b.id, b.key).toEqual([200, undefined])
  const event = anEvent()
  for (const { id, key } of [a, b]) {
    expect((await post(id, key, envelopeOf({ ...event, message: `of ${id}` }))).status).toBe(200)
    expect((await collector.get(`/api/${id}/events/${event.event_id}`)).message).toBe(`of ${id}`)
  }
})

test('a key is switched off and on', async () => {
  const { id, key } = await newProject('Switch')
  await poll(id, key).toEqual([200, undefined])
  await command('key', 'set', id, key, '--enabled', 'no')
  await poll(id, key).toEqual([403, 'disabled_key'])
  await command('key', 'set', id, key, '--enabled', 'yes')
  await poll(id, key).toEqual([200, undefined])
})

test('a rotated key works on for its grace, and its successor is like it', async () => {
  const { id, key } = await newProject('Rotate')
  await command('key', 'set', id, key, '--origins', 'https://shop.example', '--events-per-hour', '7')
  const [next = '', old = ''] = (await command('key', 'rotate', id, key)).split('\n')
  expect(next).toMatch(/^[0-9a-f]{32} .* origins https:\/\/shop\.example · 7 events per hour$/)
  expect(old).toMatch(new RegExp(`^${key} .* until 20`))
  const nextKey = next.split(' · ')[0]!
  await poll(id, nextKey).toEqual([200, undefined])
  await poll(id, key).toEqual([200, undefined])
  await command('key', 'rotate', id, nextKey, '--grace-days', '0')
  await poll(id, nextKey).toEqual([403, 'disabled_key'])
})

test('only pages of the allowed origins report by a key, and servers, which name none', async () => {
  const { id, key } = await newProject('Origins')
  await command('key', 'set', id, key, '--origins', 'https://shop.example,https://*.cdn.example')
  const from = (origin: string) => poll(id, key, { origin })
  await from('https://evil.example').toEqual([403, 'wrong_origin'])
  await from('http://shop.example').toEqual([403, 'wrong_origin'])
  await from('https://evilcdn.example').toEqual([403, 'wrong_origin'])
  await from('null').toEqual([403, 'wrong_origin'])
  await from('https://shop.example').toEqual([200, undefined])
  await from('https://a.cdn.example').toEqual([200, undefined])
  await poll(id, key).toEqual([200, undefined])
})

test('past a quota events get a 429 that says when, sessions are taken on, and a restart changes nothing', async () => {
  const { id, key } = await newProject('Quota')
  await command('key', 'set', id, key, '--events-per-hour', '3')
  await settled(id)
  for (let n = 0; n < 3; n++) expect((await post(id, key, envelopeOf(anEvent()))).status).toBe(200)
  const session = { sid: 'x', started: new Date().toISOString(), status: 'ok', attrs: { release: 'r' } }
  const over = envelopeOfItems([
    [{ type: 'event' }, anEvent()],
    [{ type: 'session' }, session],
    [
      { type: 'client_report' },
      { discarded_events: [{ reason: 'ignored', category: 'error', quantity: 2 }] },
    ],
  ])
  const expectLimited = async () => {
    const response = await post(id, key, over)
    expect(await answerOf(response)).toEqual([429, 'key_quota'])
    const seconds = Number(response.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(3600)
    expect(response.headers.get('x-sentry-rate-limits')).toBe(
      `${seconds}:error;default;feedback:key:key_quota`,
    )
  }
  await expectLimited()
  expect((await collector.get(`/api/${id}/sessions`)).releases).toMatchObject([{ release: 'r' }])
  await collector.stop('SIGKILL')
  collector = await runCollector(dataDir)
  await expectLimited()
  await expect
    .poll(() => collector.get(`/api/${id}/outcomes`))
    .toMatchObject({ accepted: 3, stored: 3, rate_limited: 2, invalid: {} })
  // It comes again with its event.
  expect((await collector.get(`/api/${id}/outcomes`)).client).toEqual({})
})

test('one session cannot use up what a project takes', async () => {
  const { id, key } = await newProject('Flood')
  await command('project', 'set', id, '--events-per-client-per-hour', '2')
  await settled(id)
  const send = async (sid: string) => {
    const response = await post(id, key, envelopeOf(anEvent(), { ohnoes: { sid } }))
    return answerOf(response)
  }
  const ok = [200, undefined]
  expect([await send('a'), await send('a'), await send('a'), await send('b')]).toEqual([
    ok,
    ok,
    [429, 'session_limit'],
    ok,
  ])
  for (let n = 0; n < 17; n++) expect(await send(`c${n}`)).toEqual(ok)
  expect(await send('d')).toEqual([429, 'address_limit'])
})

test('inbound filters are off until they are switched on, and count what they throw away', async () => {
  const { id, key } = await newProject('Filters')
  await poll(id, key).toEqual([200, undefined])
  const local = () => envelopeOf(anEvent({ request: { url: 'http://localhost:3000/' } }))
  expect((await post(id, key, local())).status).toBe(200)
  expect((await collector.get(`/api/${id}/outcomes`)).stored).toBe(1)
  await command('project', 'set', id, '--filters', 'localhost,extensions')
  let sent = 1
  await expect
    .poll(async () => {
      await post(id, key, local())
      sent++
      return (await collector.get(`/api/${id}/outcomes`)).filtered
    })
    .toEqual({ 'filter:localhost': expect.any(Number) })
  await expect
    .poll(async () => {
      const { stored, filtered } = await collector.get(`/api/${id}/outcomes`)
      return stored + filtered['filter:localhost']
    })
    .toBe(sent)
  expect((await post(id, key, envelopeOf(anEvent()))).status).toBe(200)
})

test('a word of the project’s own makes a key a secret', async () => {
  const { id, key } = await newProject('Words')
  await command('project', 'set', id, '--scrub-keys', 'iban')
  await settled(id)
  const event = anEvent({ extra: { iban: 'DE12', ibanez: 'guitar' } })
  await post(id, key, envelopeOf(event))
  expect((await collector.get(`/api/${id}/events/${event.event_id}`)).extra).toEqual({
    iban: '[Filtered]',
    ibanez: 'guitar',
  })
})

test.each([
  [['project', 'explode'], /There is no command "project explode"[\s\S]*ohnoes-collector project list/],
  [['project', 'create'], /project create takes 1 arguments, not 0/],
  [['project', 'create', 'x', '--id', '../x'], /The id "..\/x" is none/],
  [['project', 'create', 'x', '--id', '1'], /There is a project 1 already/],
  [['project', 'set', '1', '--kept-per-error', '0'], /keptPerError: "0" is none/],
  [['project', 'set', '99', '--name', 'x'], /There is no project 99/],
  [['project', 'set', '1', '--retention-days', 'forever'], /retentionDays: "forever" is none/],
  [['project', 'set', '1', '--colour', 'red'], /--colour/],
  [['key', 'set', '1', 'nope', '--label', 'x'], /Project 1 has no key "nope"/],
  [['key', 'create', '99'], /There is no project "99"/],
])('%j is refused with what to do', async (words, message) => {
  const { code, errors } = await runCommand(dataDir, words)
  expect(code).not.toBe(0)
  expect(errors).toMatch(message)
  expect(errors).not.toMatch(/^\s+at /m)
})
