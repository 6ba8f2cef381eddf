import { readFile } from 'node:fs/promises'
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
const escaped = (text: string) =>
  text.replace(
    /[&<>"']/g,
    character => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[character] ?? '#39'};`,
  )
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

test('the empty dashboard says what to do next: the address, and each way to install, as it is to be copied', async () => {
  const dsn = `http://demo@${new URL(collector.url).host}/1`
  const loader = await readFile(new URL('../../dist/snippet.js', import.meta.url), 'utf8')
  for (const text of [
    dsn,
    `<script src="/ohnoes.js" data-dsn="${dsn}" data-fleet-sampling></script>`,
    `<script data-dsn="${dsn}" data-fleet-sampling data-src="/ohnoes.js">${loader.trim()}</script>`,
    `import { init } from 'ohnoes'\n\ninit({ dsn: '${dsn}', fleetSampling: true })`,
    `Sentry.init({ dsn: '${dsn}' })`,
  ])
    expect(emptyPage).toContain(`<code>${escaped(text)}</code>`)
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
    // The pages' own scripts have a src.
    expect(html).not.toMatch(/<script>|<img|href="javascript:|"'>/)
  }
  expect((await fetch(`${collector.url}/nowhere/${encodeURIComponent(ATTACK)}`)).status).toBe(404)
  expect(await pageOf(`/projects/${encodeURIComponent(ATTACK)}/groups`)).not.toMatch(/<script>|<img/)
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
    /^default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;/,
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

/** Sends a form as the page at that path has it, and returns where it leads. */
async function submit(path: string, fields: [name: string, value: string][], to = path) {
  const csrf = /name="csrf" value="([^"]+)"/.exec(await pageOf(path))?.[1] ?? ''
  const response = await fetch(collector.url + to, {
    method: 'POST',
    body: new URLSearchParams([['csrf', csrf], ...fields]),
    redirect: 'manual',
  })
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}

/** Posts an event of a group of that name, and returns the group's id. */
async function groupNamed(name: string, fields: Record<string, unknown> = {}): Promise<string> {
  const exception = { values: [{ type: 'E', value: name }] }
  await collector.post(envelopeOf(anEvent({ fingerprint: [name], exception, ...fields })))
  const { groups } = await collector.get(`/api/1/groups?query=${encodeURIComponent(`"${name}"`)}`)
  return groups[0].id
}

test('a group is resolved by its form, and is back in the list of open ones when it regresses', async () => {
  const id = await groupNamed('to be resolved', { release: 'shop@1' })
  const path = `/projects/1/groups/${id}`
  expect(await submit(path, [['status', 'resolved']])).toMatchObject({ status: 303, location: path })
  expect(await pageOf('/projects/1/groups')).not.toContain('to be resolved')
  expect(await pageOf('/projects/1/groups?query=is:resolved')).toContain('to be resolved')
  await groupNamed('to be resolved', { release: 'shop@2' })
  expect(await pageOf('/projects/1/groups?query=is:regressed')).toContain('to be resolved')
  expect(await pageOf(path)).toContain('Regressed in shop@2')
})

test('several groups are muted and merged by the form of the list, and unmerged again', async () => {
  const ids = [await groupNamed('one of two'), await groupNamed('two of two')]
  const fields = ids.map((id): [string, string] => ['id', id])
  await submit('/projects/1/groups', [...fields, ['action', 'muted']])
  for (const id of ids) expect((await collector.get(`/api/1/groups/${id}`)).status).toBe('muted')
  await submit('/projects/1/groups', [...fields, ['action', 'merge']])
  const [kept, merged] =
    (await collector.get(`/api/1/groups/${ids[0]}`)).id === ids[0] ? ids : ids.toReversed()
  const leads = await fetch(`${collector.url}/projects/1/groups/${merged}`, { redirect: 'manual' })
  expect(leads.headers.get('location')).toBe(`/projects/1/groups/${kept}`)
  await submit(`/projects/1/groups/${kept}`, [['unmerge', merged!]])
  expect((await collector.get(`/api/1/groups/${merged}`)).id).toBe(merged)
})

test.each([
  ['without its token', { status: 'resolved' }, 403],
  ['with a status nobody can set', { status: 'regressed', token: 'yes' }, 400],
])('a form %s changes nothing', async (_, { status, token }: { status: string; token?: string }, code) => {
  const id = await groupNamed('left alone')
  const path = `/projects/1/groups/${id}`
  const answer = token
    ? await submit(path, [['status', status]])
    : await fetch(collector.url + path, { method: 'POST', body: new URLSearchParams({ status }) })
  expect(answer.status).toBe(code)
  expect((await collector.get(`/api/1/groups/${id}`)).status).toBe('unresolved')
})

test('a search that cannot be meant is answered beside the field, with what to write', async () => {
  const response = await fetch(`${collector.url}/projects/1/groups?query=events:many`)
  expect(response.status).toBe(400)
  expect(await response.text()).toMatch(
    /value="events:many".*role="alert">events:&quot;many&quot; is no number/s,
  )
})

test('an event as Markdown holds what came from the page in code', async () => {
  const frames = [
    { function: 'f', filename: 'https://a/x.js', lineno: 7, context_line: 'a ``` b', in_app: true },
  ]
  const event = anEvent({
    exception: { values: [{ type: '# E', value: 'one\n````\n# two', stacktrace: { frames } }] },
    tags: { plan: '`pro`' },
  })
  await collector.post(envelopeOf(event))
  const response = await fetch(`${collector.url}/projects/1/events/${event.event_id}.md`)
  expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  const text = await response.text()
  expect(text).toContain('# `# E`\n\n`````\none\n````\n# two\n`````\n')
  expect(text).toContain('- `plan`: `` `pro` ``')
  expect(text).toContain('````\n→ f (https://a/x.js:7)\n    > a ``` b\n````')
})

test('the health page shows a sum that adds up', async () => {
  await collector.post('no envelope')
  await expect
    .poll(() => pageOf('/projects/1/health'))
    .toMatch(/invalid envelope header<\/th><td class="number">1</)
  const html = await pageOf('/projects/1/health')
  const rows = [
    ...html.matchAll(/<tr class="(part)?"><th scope="row">([^<]+)<\/th><td class="number">([\d,]+)</g),
  ]
  const received = Number(/Received<\/th><td class="number">([\d,]+)/.exec(html)?.[1])
  const sum = (wanted: typeof rows) => wanted.reduce((total, [, , , count]) => total + Number(count), 0)
  expect(received).toBeGreaterThan(5)
  expect(sum(rows.filter(([, part]) => !part))).toBe(received)
  expect(sum(rows.filter(([, part]) => part))).toBe(received)
})

test('the settings page changes the project and its keys', async () => {
  const path = '/projects/1/settings'
  const saved = await submit(path, [
    ['name', 'Shop'],
    ['retentionDays', '30'],
    ['eventsPerClientPerHour', ''],
    ['scrubKeys', 'iban'],
    ['filters', 'crawlers'],
  ])
  expect(saved).toMatchObject({ status: 303, location: path })
  expect(await pageOf(path)).toMatch(/value="Shop".*value="30".*iban.*value="crawlers" checked/s)
  expect(await submit(path, [['retentionDays', 'ever']])).toMatchObject({
    status: 400,
    text: expect.stringContaining('retentionDays: &quot;ever&quot; is none'),
  })

  const keys = async () =>
    [...(await pageOf(path)).matchAll(/action="([^"]+\/keys\/[^"]+)"/g)].map(([, to]) => to!)
  await submit(path, [['label', 'second']], `${path}/keys`)
  const [first, second] = await keys()
  await submit(
    path,
    [
      ['action', 'save'],
      ['isEnabled', 'no'],
    ],
    second,
  )
  expect(await pageOf(path)).toContain('<span class="badge">Off</span>')
  await submit(path, [['action', 'delete']], second)
  expect(await keys()).toEqual([first])
  await submit(path, [['action', 'rotate']], first)
  expect(await keys()).toHaveLength(2)
  expect(await pageOf(path)).toContain('<span class="badge warning">until')
})

test('another project is made by a form, and leads to its own settings', async () => {
  const { location } = await submit('/projects/1/settings', [['name', 'Blog']], '/projects')
  expect(location).toBe('/projects/2/settings')
  expect(await pageOf(location!)).toMatch(/<summary>Blog<\/summary>.*Shop/s)
})
