import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BuiltShop, buildShop, framesOf as framesIn, lineOf } from './minified-shop.ts'
import {
  anEvent,
  envelopeOf,
  newDataDir,
  removeDataDir,
  runCollector,
  runCommand,
  type RunningCollector,
} from './running-collector.ts'

const DEBUG_ID = '3b1f0c52-9f1e-4d1a-8a53-0123456789ab'
const URL = 'https://shop.example/assets/shop-B8kd93Za.js'

let shop: BuiltShop
let dataDir: string
let collector: RunningCollector
let token: string
beforeAll(async () => {
  shop = await buildShop()
})
beforeEach(async () => {
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
  token = await newToken('1')
})
afterEach(async () => {
  await collector.stop('SIGTERM')
  await removeDataDir(dataDir)
})

async function newToken(project: string, scope = 'upload'): Promise<string> {
  const { output } = await runCommand(dataDir, ['token', 'create', project, scope])
  return output.split('\n')[0]!
}

function upload(fields: Record<string, string> = {}, files: Record<string, string | Buffer> = {}) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ debug_id: DEBUG_ID, ...fields }))
    if (value) form.set(name, value)
  for (const [name, content] of Object.entries({ map: shop.map, code: shop.code, ...files }))
    if (content) form.set(name, new Blob([content as BlobPart]), name)
  return fetch(`${collector.url}/api/1/artifacts`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${token}` },
  })
}

async function sendError(fields: Record<string, unknown> = {}): Promise<string> {
  const event = anEvent({
    exception: {
      values: [
        { type: 'TypeError', value: 'no price for tea', stacktrace: { frames: await shop.framesOf(URL) } },
      ],
    },
    debug_meta: { images: [{ type: 'sourcemap', code_file: URL, debug_id: DEBUG_ID }] },
    ...fields,
  })
  const response = await collector.post(envelopeOf(event))
  expect(response.status).toBe(200)
  return event.event_id
}

const framesOf = async (id: string): Promise<Record<string, any>[]> =>
  (await collector.get(`/api/1/events/${id}`)).exception.values[0].stacktrace.frames.toReversed()

const placesOf = (frames: Record<string, any>[]) =>
  frames.map(({ function: name, filename, lineno }) => [name, filename, lineno])

const ORIGINAL = [
  ['priceOf', 'shop.ts', lineOf('throw new TypeError')],
  [undefined, 'shop.ts', lineOf('this.items.reduce')],
  ['Basket.total', 'shop.ts', lineOf('this.items.reduce')],
  ['checkout', 'shop.ts', lineOf('return basket.total')],
]

test('frames of a minified build read like the source, and keep what was sent', async () => {
  expect((await upload()).status).toBe(201)
  const frames = await framesOf(await sendError())
  expect(placesOf(frames.filter(({ filename }) => filename === 'shop.ts'))).toEqual(ORIGINAL)
  expect(frames[0]).toMatchObject({
    context_line: expect.stringContaining('throw new TypeError'),
    post_context: expect.arrayContaining(['  return item.price']),
    raw: { filename: URL, lineno: 1 },
    symbolication: { status: 'resolved' },
  })
  const { context_line, symbolication } = frames[0]!
  expect(context_line.slice(symbolication.context_column)).toMatch(/^TypeError\('no price/) // the minifier has dropped `new`
})

test('lines around a frame are five on each side, long ones cut around the column', async () => {
  const { sourcesContent, ...map } = JSON.parse(shop.map)
  const [source]: string[] = sourcesContent
  const long = (text: string) => `${text} // ${'long '.repeat(100)}`
  const lines = source!.split('\n').map(line => (line.includes('return item.price') ? long(line) : line))
  const thrown = ORIGINAL[0]![2] as number
  lines[thrown - 1] = long(lines[thrown - 1]!)
  await upload({}, { map: JSON.stringify({ ...map, sourcesContent: [lines.join('\n')] }) })
  const { pre_context, context_line, post_context, symbolication } = (await framesOf(await sendError()))[0]!
  expect([pre_context.length, post_context.length]).toEqual([5, 5])
  expect(pre_context).toEqual(lines.slice(thrown - 6, thrown - 1))
  expect(context_line).toMatch(/^ .{280}…$/)
  expect(context_line.slice(symbolication.context_column)).toMatch(/^TypeError\('no price/)
  expect(post_context[0]).toMatch(/^ .{280}…$/)
  expect(post_context[1]).toBe('}')
})

test('a map that comes after the events changes what they show and moves them to their group', async () => {
  const before = await sendError()
  const provisional = (await collector.get('/api/1/groups')).groups
  expect(provisional).toHaveLength(1)
  expect((await framesOf(before))[0]).toMatchObject({
    filename: URL,
    symbolication: { status: 'none', reason: `no source map for debug id ${DEBUG_ID}` },
  })
  expect((await upload()).status).toBe(201)
  expect((await framesOf(before))[0]).toMatchObject({ filename: 'shop.ts' })
  // What comes now is in the same group, and so is the other build of the same source.
  await sendError()
  await expect
    .poll(async () => (await collector.get('/api/1/groups')).groups)
    .toMatchObject([
      { occurrences: { estimate: 2 }, culprit: expect.stringContaining('throw new TypeError') },
    ])
  const [{ id }] = (await collector.get('/api/1/groups')).groups
  expect(id).not.toBe(provisional[0].id)
  expect((await collector.get(`/api/1/groups/${provisional[0].id}`)).id).toBe(id)
})

test('what people said of the provisional group is said of the one it becomes', async () => {
  await sendError()
  const [{ id }] = (await collector.get('/api/1/groups')).groups
  const page = await (await fetch(`${collector.url}/projects/1/groups/${id}`)).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)![1]!
  await fetch(`${collector.url}/projects/1/groups/${id}`, {
    method: 'POST',
    body: new URLSearchParams({ csrf, status: 'muted' }),
  })
  await upload()
  await expect
    .poll(async () => (await collector.get('/api/1/groups?query=')).groups)
    .toMatchObject([{ status: 'muted', culprit: expect.stringContaining('throw new TypeError') }])
})

test('without a debug id the release and the address lead to the map, whatever the host', async () => {
  await upload({ debug_id: '', release: 'shop@2', url: '~/assets/shop-B8kd93Za.js' })
  const resolved = await sendError({ debug_meta: undefined, release: 'shop@2' })
  expect(placesOf(await framesOf(resolved))).toContainEqual(ORIGINAL[0])
  const other = await framesOf(await sendError({ debug_meta: undefined, release: 'shop@3' }))
  expect(other[0]!.symbolication.reason).toBe(`no source map for ${URL} of release shop@3`)
  const none = await framesOf(await sendError({ debug_meta: undefined }))
  expect(none[0]!.symbolication.reason).toBe('no debug id and no release')
})

test('functions without their file are named by what the caller calls', async () => {
  const map = JSON.stringify({ ...JSON.parse(shop.map), sourcesContent: null })
  await upload({}, { code: '', map })
  const frames = await framesOf(await sendError())
  expect(frames[0]).toMatchObject({ filename: 'shop.ts', function: 'priceOf' })
})

test('the scopes of a map name functions, unless its source says more', async () => {
  const built = JSON.parse(
    await readFile(new globalThis.URL('fixtures/swc-scopes.json', import.meta.url), 'utf8'),
  )
  const namesOf = async (name: string, change: object) => {
    const { code, map } = built[name]
    await upload({}, { code: '', map: JSON.stringify({ ...map, ...change }) })
    const frames = await framesIn(code, URL)
    const exception = { values: [{ type: 'TypeError', value: 'no price', stacktrace: { frames } }] }
    return (await framesOf(await sendError({ exception })))
      .filter(({ filename }) => filename === 'shop.ts')
      .map(({ function: name }) => name)
  }
  const without = { sourcesContent: null, scopes: undefined }
  expect((await namesOf('plain', without)).at(-1)).toBeUndefined()
  const named = await namesOf('plain', { sourcesContent: null })
  expect([named[0], named.at(-1)]).toEqual(['priceOf', 'checkout'])
  // Its scopes have the names that SWC has given when it minified.
  expect((await namesOf('mangled', { sourcesContent: null }))[0]).toBe('t')
  expect(await namesOf('mangled', {})).toEqual(['priceOf', undefined, 'Basket.total', 'checkout'])
})

test('a map is of one project only, and needs a token of that project for uploads', async () => {
  const refused = async (authorization?: string) =>
    (
      await fetch(`${collector.url}/api/1/artifacts`, {
        method: 'POST',
        body: new FormData(),
        headers: authorization ? { authorization } : {},
      })
    ).status
  expect(await refused()).toBe(401)
  expect(await refused('Bearer ohn_wrong')).toBe(401)
  expect(await refused(`Bearer ${await newToken('1', 'read')}`)).toBe(403)
  const { output } = await runCommand(dataDir, ['project', 'create', 'Other', '--id', '2'])
  expect(output).toContain('2')
  expect(await refused(`Bearer ${await newToken('2')}`)).toBe(403)
  expect(await refused(`Bearer ${token}`)).toBe(400)
})

test('the uploader learns which maps are missing, and a new map for the same file takes its place', async () => {
  const ask = async (map_hash: string) => {
    const response = await fetch(`${collector.url}/api/1/artifacts/missing`, {
      method: 'POST',
      body: JSON.stringify({ artifacts: [{ debug_id: DEBUG_ID, map_hash }] }),
      headers: { authorization: `Bearer ${token}` },
    })
    return (await response.json()).missing
  }
  const hash = async (text: string) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex')
  expect(await ask(await hash(shop.map))).toEqual([DEBUG_ID])
  await upload()
  expect(await ask(await hash(shop.map))).toEqual([])
  const renamed = JSON.stringify({ ...JSON.parse(shop.map), sources: ['renamed.ts'] })
  expect(await ask(await hash(renamed))).toEqual([DEBUG_ID])
  const id = await sendError()
  await expect.poll(async () => (await framesOf(id))[0]!.filename).toBe('shop.ts')
  await upload({}, { map: gzipSync(renamed) })
  expect((await framesOf(id))[0]!.filename).toBe('renamed.ts')
})

test.each([
  ['it is not JSON', 'nothing'],
  ['it is larger than 104857600 bytes', gzipSync(Buffer.alloc(200_000_000, ' '))],
])('a map is refused with its reason: %s', async (reason, map) => {
  const response = await upload({}, { map })
  expect(response.status).toBe(422)
  expect((await response.json()).message).toContain(reason)
  const frames = await framesOf(await sendError())
  expect(frames[0]!.symbolication.reason).toBe(
    `the source map for debug id ${DEBUG_ID} was refused: ${reason}`,
  )
})

const pageAt = async (path: string): Promise<string> => {
  const response = await fetch(collector.url + path)
  expect(response.status).toBe(200)
  return (await response.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

test('each frame explains itself, on the command line and in the dashboard', async () => {
  const id = await sendError()
  const explained = async () => {
    const { output } = await runCommand(dataDir, ['explain', id])
    return output
  }
  const page = `/projects/1/events/${id}/explain`
  for (const text of [await explained(), await pageAt(page)]) {
    expect(text).toContain(`no source map for debug id ${DEBUG_ID}`)
    expect(text).toContain('ohnoes-plugin upload')
  }
  await upload({ name: 'assets/shop.js' })
  const place = `priceOf shop.ts:${ORIGINAL[0]![2]}:`
  for (const text of [await explained(), await pageAt(page)]) {
    expect(text).toContain(place)
    expect(text).toContain(`${URL}:1:`)
    expect(text).toContain('assets/shop.js')
  }
  expect((await runCommand(dataDir, ['explain', 'f'.repeat(32)])).errors).toContain('There is no event')
})

test('a frame of a script without an id says so when other files of its event have theirs', async () => {
  await upload()
  const [frame] = await shop.framesOf(URL)
  const chunk = { ...frame, filename: 'https://shop.example/assets/753.js' }
  const exception = { values: [{ type: 'Error', value: 'x', stacktrace: { frames: [frame, chunk] } }] }
  const explained = async (fields: object) =>
    (await runCommand(dataDir, ['explain', await sendError({ exception, ...fields })])).output
  expect(await explained({})).toMatch(
    /753.js:1:\d+\n +no debug id, which other files of the event have\n +to do: .* importScripts/,
  )
  expect(await explained({ release: 'shop@1' })).toContain(
    'other files of the event have, and no source map for https://shop.example/assets/753.js of release shop@1',
  )
})

test('an event can be read as it was sent, too', async () => {
  await upload()
  const id = await sendError()
  const original = await pageAt(`/projects/1/events/${id}`)
  const sent = await pageAt(`/projects/1/events/${id}?frames=raw`)
  expect(original).toContain(`shop.ts:${ORIGINAL[0]![2]}:`)
  expect(original).not.toContain(`${URL}:1:`)
  expect(sent).toContain(`${URL}:1:`)
  expect(sent).not.toContain('shop.ts')
})

test('the pages of source maps and releases say what is there and what is missing', async () => {
  await sendError({ release: 'shop@7' })
  expect(await pageAt('/projects/1/artifacts')).toMatch(
    new RegExp(`Missing .*${URL} debug id ${DEBUG_ID} 1 `),
  )
  await upload({
    release: 'shop@7',
    commit: 'abcdef0123456789',
    bundler: 'vite 8.3.8',
    name: 'assets/shop.js',
  })
  const artifacts = await pageAt('/projects/1/artifacts')
  expect(artifacts).toMatch(new RegExp(`Uploaded .*assets/shop.js ${DEBUG_ID} shop@7 abcdef0123 vite 8.3.8`))
  expect(artifacts).not.toContain('Missing')
  expect(await pageAt('/projects/1/releases')).toMatch(/shop@7 1 1 /)
  await expect
    .poll(() => pageAt('/projects/1/releases/shop@7'))
    .toMatch(/New in it TypeError: no price for tea .*throw new TypeError.*assets\/shop.js/)
})
