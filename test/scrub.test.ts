import { expect, test } from 'vitest'
import { clean as cut, isSecret } from '../src/scrub.ts'

const clean = (text: string) => cut(text, 999)

test.each([
  'password',
  'userPasswd',
  'client_secret',
  'accessToken',
  'api_key',
  'apiKey',
  'X-API-Key',
  'Authorization',
  'credentials',
  'private_key',
  'bearer',
  'jwt',
  'csrf',
  'XSRF-TOKEN',
  'session',
  'session_id',
  'user-session',
  'Cookie',
  'otp',
  'sms_otp',
])('%s is a secret', key => {
  expect(isSecret(key)).toBe(true)
})

test.each(['monkey', 'inside', 'key', 'sid', 'obsession', 'sessions', 'laptop', 'name', 'card', ''])(
  '%s is none',
  key => {
    expect(isSecret(key)).toBe(false)
  },
)

test.each([
  ['https://a.example/b?token=abc&page=2#x', 'https://a.example/b?token=[Filtered]&page=2#x'],
  ['https://a.example/#access_token=abc&state=1', 'https://a.example/#access_token=[Filtered]&state=1'],
  ['https://user:pass@a.example/', 'https://a.example/'],
  ['GET /a?api_key=1;b=2 failed', 'GET /a?api_key=[Filtered];b=2 failed'],
  ['/a?q=me@b.example', '/a?q=me@b.example'],
  ['x = 1 & y = 2', 'x = 1 & y = 2'],
  ['', ''],
])('%s leaves as %s', (text, scrubbed) => {
  expect(clean(text)).toBe(scrubbed)
  expect(clean(scrubbed)).toBe(scrubbed)
})
