import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

test('without a variable everything has a default, and an empty variable is none', () => {
  const defaults = readConfig({})
  expect(defaults).toMatchObject({
    ok: true,
    config: { port: 4400, host: '127.0.0.1', password: undefined, maxStoreBytes: Infinity },
  })
  expect(readConfig({ PORT: '', OHNOES_PASSWORD: '', OHNOES_MAX_STORE: '' })).toEqual(defaults)
})

test('what is set is read', () => {
  expect(
    readConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      OHNOES_DATA: '/srv/ohnoes',
      OHNOES_URL: 'https://errors.example.com/',
      OHNOES_PASSWORD: 'correct horse',
      OHNOES_TRUSTED_PROXIES: '1',
      OHNOES_KEY: 'demo',
      OHNOES_MAX_STORE: '1.5 GB',
    }),
  ).toEqual({
    ok: true,
    config: {
      port: 0,
      host: '0.0.0.0',
      dataDir: '/srv/ohnoes',
      publicUrl: 'https://errors.example.com',
      password: 'correct horse',
      trustedProxies: 1,
      firstKey: 'demo',
      maxStoreBytes: 1.5 * 1024 ** 3,
    },
  })
})

test('one message names every variable that is wrong, and shows no password', () => {
  const read = readConfig({
    PORT: '70000',
    OHNOES_URL: 'errors.example.com/path',
    OHNOES_PASSWORD: 'hunter2',
    OHNOES_TRUSTED_PROXIES: '-1',
    OHNOES_KEY: 'Demo key',
    OHNOES_MAX_STORE: '20',
  })
  if (read.ok) throw new Error('All of it was read.')
  const lines = read.message.split('\n')
  expect(lines.map(line => line.split(' ')[0])).toEqual([
    'PORT',
    'OHNOES_URL',
    'OHNOES_PASSWORD',
    'OHNOES_TRUSTED_PROXIES',
    'OHNOES_KEY',
    'OHNOES_MAX_STORE',
  ])
  expect(read.message).not.toContain('hunter2')
  expect(lines[0]).toBe('PORT "70000" is refused: set it to a number from 0 (any free one) to 65535.')
})

test.each([
  'http://a.example/x',
  'ftp://a.example',
  'https://u:p@a.example',
  'https://a.example?x',
  'https://',
])('%s is no address of a collector', OHNOES_URL => expect(readConfig({ OHNOES_URL }).ok).toBe(false))
