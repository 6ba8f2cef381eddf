import { request } from 'node:http'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  anEvent,
  envelopeOf,
  newDataDir,
  removeDataDir,
  runCollector,
  runCommand,
  type RunningCollector,
  runToEnd,
} from './running-collector.ts'

const PASSWORD = 'correct horse'

let dataDir: string
let collector: RunningCollector
beforeEach(async () => {
  dataDir = await newDataDir()
})
afterEach(async () => {
  await collector.stop('SIGKILL')
  await removeDataDir(dataDir)
})

const start = async (env: Record<string, string> = {}) => (collector = await runCollector(dataDir, 0, env))

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(collector.url + path, { headers, redirect: 'manual' })
const postForm = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(collector.url + path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
    redirect: 'manual',
  })
const signIn = (password = PASSWORD, next = '/') => postForm('/login', { password, next })
const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const tokenFor = async (project: string, scope: string) =>
  (await runCommand(dataDir, ['token', 'create', project, scope])).output.split('\n')[0]!
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** An answer to a request with a Host header of its own, which fetch does not let one write. */
const statusFrom = (host: string, path = '/api/1/groups') =>
  new Promise<number | undefined>((resolve, reject) =>
    request(collector.url + path, { headers: { host } }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end(),
  )

describe('without a password', () => {
  test('everything is open to this machine, by its own names only', async () => {
    await start()
    expect((await get('/projects/1/groups')).status).toBe(200)
    for (const host of ['127.0.0.1', 'localhost:4400', 'shop.localhost', '[::1]:4400'])
      expect([host, await statusFrom(host)]).toEqual([host, 200])
    for (const host of ['evil.example', '127.0.0.1.evil.example', '192.168.0.5:4400'])
      expect([host, await statusFrom(host)]).toEqual([host, 421])
  })

  test.each(['0.0.0.0', '::', '192.0.2.1'])('it refuses to listen on %s, and says why', async HOST => {
    await start()
    const other = await newDataDir()
    const { code, errors } = await runToEnd({ OHNOES_DATA: other, PORT: '0', HOST })
    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/^HOST ".*" is refused: without a password.*\n$/),
    ])
    await removeDataDir(other)
  })

  test('a form of another page changes nothing', async () => {
    await start()
    const response = await postForm('/logout', {})
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining('not of this page'),
    ])
  })
})

describe('with a password', () => {
  test('nothing is readable without it but the page to sign in', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD })
    const event = anEvent()
    expect((await collector.post(envelopeOf(event))).status).toBe(200)
    for (const path of ['/', '/projects/1/groups?q=x', `/projects/1/events/${event.event_id}`, '/nonsense']) {
      const response = await get(path)
      expect([response.status, response.headers.get('location')]).toEqual([
        303,
        `/login?next=${encodeURIComponent(path)}`,
      ])
    }
    for (const path of ['groups', 'outcomes', 'vitals', 'sessions', `events/${event.event_id}`]) {
      const response = await get(`/api/1/${path}`)
      expect([response.status, (await response.json()).error]).toEqual([401, 'unauthorized'])
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
    }
    expect((await get('/login')).status).toBe(200)
    expect((await get('/healthz')).status).toBe(200)
  })

  test('signing in sets a cookie that scripts and other sites do not get, and leads on', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD, OHNOES_URL: 'https://errors.example.com' })
    const response = await signIn(PASSWORD, '/projects/1/vitals')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/projects/1/vitals'])
    expect(response.headers.getSetCookie()[0]).toMatch(
      /^ohnoes_login=[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    const cookie = cookieOf(response)
    expect((await get('/api/1/groups', { cookie })).status).toBe(200)
    // A proxy may keep the Host header: there is a login to protect by now, and no name to trust.
    expect(await statusFrom('errors.example.com')).toBe(401)
  })

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/a\nb'])(
    'signing in does not lead to %j',
    async next => {
      await start({ OHNOES_PASSWORD: PASSWORD })
      expect((await signIn(PASSWORD, next)).headers.get('location')).toBe('/')
    },
  )

  test('five wrong passwords from an address close its door, to the right one as well', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD, OHNOES_TRUSTED_PROXIES: '1' })
    const from = (address: string, password: string) =>
      postForm('/login', { password }, { 'x-forwarded-for': `spoofed, ${address}` })
    const attempts = await Promise.all(Array.from({ length: 8 }, () => from('192.0.2.1', 'wrong one')))
    expect(attempts.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
    const closed = await from('192.0.2.1', PASSWORD)
    expect(closed.status).toBe(429)
    expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(cookieOf(closed)).toBe('')
    expect((await from('192.0.2.2', PASSWORD)).status).toBe(303)
  })

  test('a login ends with signing out, and with a new password', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD })
    const cookies = [cookieOf(await signIn()), cookieOf(await signIn())]
    const statuses = () =>
      Promise.all(cookies.map(async cookie => (await get('/api/1/groups', { cookie })).status))
    expect(await statuses()).toEqual([200, 200])
    const page = await (await get('/projects/1/groups', { cookie: cookies[0]! })).text()
    expect(page).not.toContain(cookies[0]!.split('=')[1])
    expect((await postForm('/logout', {}, { cookie: cookies[0]! })).status).toBe(403)
    expect(await statuses()).toEqual([200, 200])
    expect((await runCommand(dataDir, ['password'], { input: 'another horse\n' })).code).toBe(0)
    expect(await statuses()).toEqual([401, 401])
    expect((await signIn()).status).toBe(401)
    expect((await signIn('another horse')).status).toBe(303)
  })

  test('the password that is stored stays for a start without one', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD })
    const cookie = cookieOf(await signIn())
    await collector.stop('SIGTERM')
    await start({ HOST: '0.0.0.0' })
    const url = collector.url.replace('0.0.0.0', '127.0.0.1')
    expect((await fetch(`${url}/api/1/groups`)).status).toBe(401)
    expect((await fetch(`${url}/api/1/groups`, { headers: { cookie } })).status).toBe(200)
  })

  test('from a link on another site one arrives signed in', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD })
    const arrival = await get('/projects/1/groups?a=1', { 'sec-fetch-site': 'cross-site' })
    expect(arrival.status).toBe(200)
    expect(await arrival.text()).toContain('content="0;url=/projects/1/groups?a=1"')
    const foreign = await get('//evil.example/x', { 'sec-fetch-site': 'cross-site' })
    expect(await foreign.text()).toContain('content="0;url=/"')
    // The page asks again by itself, and then it is its own site that does.
    expect((await get('/projects/1/groups?a=1', { 'sec-fetch-site': 'same-origin' })).status).toBe(303)
  })

  test('a password is at least eight characters, and the command line says so', async () => {
    await start()
    const { code, errors } = await runCommand(dataDir, ['password'], { input: 'short\n' })
    expect([code, errors]).toEqual([2, 'A password has at least 8 characters.\n'])
  })
})

describe('with a token', () => {
  test('a program reads its own project, and nothing else', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD })
    await runCommand(dataDir, ['project', 'create', 'Other'])
    await expect
      .poll(async () => (await get('/api/2/groups', { cookie: cookieOf(await signIn()) })).status)
      .toBe(200)
    const headers = bearer(await tokenFor('1', 'read'))
    expect((await get('/api/1/groups', headers)).status).toBe(200)
    for (const path of ['/api/2/groups', '/api/%32/groups', '/api/2/events/x', '/projects/1/groups', '/'])
      expect([path, (await get(path, headers)).status]).toEqual([path, 403])
    expect((await get('/api/2/groups', bearer(await tokenFor('*', 'read')))).status).toBe(200)
    expect((await get('/api/1/groups', bearer(await tokenFor('1', 'upload')))).status).toBe(403)
    expect((await get('/api/1/groups', bearer('ohn_made-up'))).status).toBe(401)
  })

  test('one that was taken back is of no use', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD })
    const token = await tokenFor('1', 'read')
    const { output } = await runCommand(dataDir, ['token', 'list'])
    const [id = ''] = output.split(' · ')
    expect((await runCommand(dataDir, ['token', 'delete', id])).code).toBe(0)
    expect((await get('/api/1/groups', bearer(token))).status).toBe(401)
    expect((await runCommand(dataDir, ['token', 'delete', id])).errors).toContain('There is no token')
  })

  test('what is stored lets nobody in', async () => {
    await start({ OHNOES_PASSWORD: PASSWORD })
    const secrets = [PASSWORD, await tokenFor('1', 'read'), cookieOf(await signIn()).split('=')[1]!]
    const db = new Database(join(dataDir, 'ohnoes.db'), { readonly: true })
    const stored = ['secrets', 'logins', 'tokens'].map(table => db.prepare(`SELECT * FROM ${table}`).all())
    db.close()
    expect(stored.map(rows => rows.length)).toEqual([2, 1, 1])
    for (const secret of secrets) expect(JSON.stringify(stored)).not.toContain(secret)
  })
})
