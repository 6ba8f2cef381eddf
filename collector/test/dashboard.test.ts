import { request } from 'node:http'
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
let emptyPage: string
const pageOf = async (path: string) => (await fetch(collector.url + path)).text()
const ATTACK = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`

beforeAll(async () => {
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
  emptyPage = await pageOf('/')
})
afterAll(async () => {
  await collector.stop('SIGTERM')
  await removeDataDir(dataDir)
})

test('the empty dashboard says what to do next', () => {
  const { host } = new URL(collector.url)
  expect(emptyPage).toContain(`http://demo@${host}/1`)
  expect(emptyPage).toContain('&lt;script src=')
})

test('no field of an event becomes markup on any page', async () => {
  const event = anEvent({
    level: 'warning',
    release: ATTACK,
    environment: ATTACK,
    transaction: ATTACK,
    fingerprint: [ATTACK],
    message: ATTACK,
    tags: { [ATTACK.slice(0, 32)]: ATTACK },
    user: { id: ATTACK, [ATTACK]: ATTACK },
    request: { url: `javascript:${ATTACK}`, headers: { [ATTACK]: ATTACK } },
    contexts: { [ATTACK]: { [ATTACK]: ATTACK } },
    extra: { [ATTACK]: [ATTACK] },
    breadcrumbs: [
      { category: ATTACK, message: ATTACK, level: ATTACK, type: ATTACK, data: { [ATTACK]: ATTACK } },
    ],
    exception: {
      values: [
        {
          type: ATTACK,
          value: ATTACK,
          mechanism: { type: ATTACK, source: ATTACK },
          stacktrace: { frames: [] },
        },
        {
          type: ATTACK,
          value: ATTACK,
          mechanism: { type: ATTACK, data: { [ATTACK]: ATTACK } },
          stacktrace: {
            frames: [
              {
                function: ATTACK,
                filename: ATTACK,
                pre_context: [ATTACK],
                context_line: ATTACK,
                vars: { [ATTACK]: ATTACK },
              },
            ],
          },
        },
      ],
    },
  })
  expect((await collector.post(envelopeOf(event))).status).toBe(200)
  const [{ id }] = (await collector.get('/api/1/groups')).groups
  for (const path of [
    '/projects/1/groups',
    `/projects/1/groups/${id}`,
    `/projects/1/events/${event.event_id}`,
  ]) {
    const html = await pageOf(path)
    expect(html).toContain('&lt;script&gt;alert(1)')
    expect(html).not.toMatch(/<script|<img|href="javascript:|"'>/)
  }
  expect((await fetch(`${collector.url}/nowhere/${encodeURIComponent(ATTACK)}`)).status).toBe(404)
  expect(await pageOf(`/projects/${encodeURIComponent(ATTACK)}/groups`)).not.toMatch(/<script|<img/)
})

test('an event page shows the captured error first, its cause below, and the newest frame on top', async () => {
  const frames = ['outer', 'inner'].map(name => ({
    function: name,
    filename: 'https://a/x.js',
    lineno: 7,
    colno: 2,
    in_app: true,
  }))
  const event = anEvent({
    exception: {
      values: [
        { type: 'CauseError', value: 'why' },
        {
          type: 'RootError',
          value: 'what',
          stacktrace: { frames },
          mechanism: { type: 'generic', handled: true, data: { code: 'E17' } },
        },
      ],
    },
  })
  await collector.post(envelopeOf(event))
  const html = await pageOf(`/projects/1/events/${event.event_id}`)
  const places = [
    'RootError</strong>',
    'E17',
    '>inner<',
    'https://a/x.js:7:2',
    '>outer<',
    'Caused by',
    'CauseError</strong>',
  ].map(part => html.indexOf(part))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})

test('every page has the strict policy and its stylesheet', async () => {
  const response = await fetch(`${collector.url}/projects/1/groups`)
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'self'; img-src 'self' data:;/,
  )
  const href = /<link rel="stylesheet" href="([^"]+)"/.exec(await response.text())?.[1]
  const stylesheet = await fetch(collector.url + href)
  expect([stylesheet.status, stylesheet.headers.get('content-type')]).toEqual([
    200,
    'text/css; charset=utf-8',
  ])
})

test('a foreign name that leads to our address reads nothing', async () => {
  const statusFor = (path: string, host: string) =>
    new Promise(resolve =>
      request(collector.url + path, { headers: { host } }, response =>
        resolve(response.resume().statusCode),
      ).end(),
    )
  expect(await statusFor('/api/1/groups', 'evil.example')).toBe(421)
  expect(await statusFor('/projects/1/groups', '127.0.0.1.evil.example')).toBe(421)
  expect(await statusFor('/api/1/groups', 'localhost:4400')).toBe(200)
})
