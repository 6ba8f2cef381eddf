import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { targetOf } from '../src/options.ts'
import { createPrinter, type StampedFile, upload, type UploadOptions } from '../src/upload.ts'

const FACTS = { release: 'shop@1', dist: undefined, commit: 'abc', bundler: 'vite 8' }

let dir: string
let server: Server
let requests: { url: string; token: string | undefined; body: string }[]
let printed: string[]
let answer: RequestListener

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ohnoes-upload-'))
  requests = []
  printed = []
  answer = (request, response) =>
    void response.end(request.url!.endsWith('/missing') ? '{"missing":["a","b"]}' : '{"id":"1"}')
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { url = '', headers } = request
    requests.push({ url, token: headers.authorization, body: Buffer.concat(chunks).toString('latin1') })
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  await rm(dir, { recursive: true })
})

async function files(...ids: string[]): Promise<StampedFile[]> {
  return Promise.all(
    ids.map(async debugId => {
      const codePath = join(dir, `${debugId}.js`)
      await writeFile(codePath, 'a()')
      await writeFile(`${codePath}.map`, '{"version":3}')
      return { name: `${debugId}.js`, codePath, mapPath: `${codePath}.map`, debugId }
    }),
  )
}

const send = async (ids: string[], options: Partial<UploadOptions> = {}): Promise<void> =>
  upload(await files(...ids), {
    target: {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/1/artifacts`,
      token: 'secret',
    },
    facts: FACTS,
    print: (line, isProgress) => void (isProgress || printed.push(line)),
    ...options,
  })

test('only what the collector lacks is sent, with what is known of the build', async () => {
  await send(['a', 'b', 'c'])
  const [question, ...uploads] = requests
  expect(JSON.parse(question!.body).artifacts.map(({ debug_id }: any) => debug_id)).toEqual(['a', 'b', 'c'])
  expect(uploads.map(({ url }) => url)).toEqual(['/api/1/artifacts', '/api/1/artifacts'])
  for (const text of ['shop@1', 'vite 8', '~/a.js', 'name="map"', 'name="code"'])
    expect(uploads.find(({ body }) => body.includes('a.js'))!.body).toContain(text)
  expect(new Set(requests.map(({ token }) => token))).toEqual(new Set(['Bearer secret']))
  expect(printed).toEqual([
    expect.stringMatching(/^ohnoes: uploading 2 source maps to 127\.0\.0\.1:\d+$/),
    'ohnoes: 2 source maps uploaded (0.0 MB), 1 were there already',
  ])
})

test('a busy collector is asked again, and maps are deleted only once they are there', async () => {
  let failures = 2
  const willing = answer
  answer = (request, response) => {
    if (!request.url!.endsWith('/missing') && failures-- > 0) response.writeHead(503).end()
    else willing(request, response)
  }
  await send(['a', 'b'], { deleteMaps: true })
  expect(printed.at(-1)).toBe('ohnoes: 2 source maps uploaded (0.0 MB), all deleted from the output')
  expect((await readdir(dir)).sort()).toEqual(['a.js', 'b.js'])
})

test('a refusal is one clear error, which fails the build only when asked to, and names no token', async () => {
  answer = (_, response) =>
    void response.writeHead(403).end('{"message":"This token is of project \\"2\\"."}')
  await send(['a'], { deleteMaps: true })
  expect(requests).toHaveLength(1)
  expect(printed).toEqual([
    expect.stringMatching(
      /^ohnoes: the source maps were not uploaded: .*403: This token is of project "2"\.$/,
    ),
  ])
  expect(await readdir(dir)).toContain('a.js.map')
  await expect(send(['a'], { failOnError: true })).rejects.toThrow('403')
  expect(printed.join()).not.toContain('secret')
})

test.each([
  ['a bar on a terminal', true],
  ['not said elsewhere', false],
])('how far the upload is, is %s', async (_, isTTY) => {
  let written = ''
  const stream = { isTTY, write: (text: string) => (written += text) }
  await send(['a', 'b'], { print: createPrinter(stream as unknown as NodeJS.WriteStream) })
  expect(/█{10}░{10} 1\/2\r[^]*█{20} 2\/2\r/.test(written)).toBe(isTTY)
  expect(written).toMatch(/2 source maps uploaded \(0\.0 MB\)\n$/)
})

test('a dry run sends and deletes nothing', async () => {
  await send(['a'], { dryRun: true, deleteMaps: true })
  expect(requests).toEqual([])
  expect(await readdir(dir)).toContain('a.js.map')
  expect(printed).toEqual(['ohnoes: would upload a.js a'])
})

test('the DSN says where to, and without a token there is no upload', () => {
  const dsn = 'https://key@errors.example/under/7'
  expect(targetOf({ dsn, token: 't' })).toEqual({
    url: 'https://errors.example/under/api/7/artifacts',
    token: 't',
  })
  expect(targetOf({ dsn })).toBeUndefined()
  expect(() => targetOf({ dsn, upload: true })).toThrow('OHNOES_TOKEN')
  expect(() => targetOf({ token: 't' })).toThrow('OHNOES_DSN')
})
