import { expect, test } from 'vitest'
import { envelopeUrl } from '../src/dsn.ts'
import { VERSION } from '../src/protocol.ts'

const query = (key: string) => `?sentry_version=7&sentry_key=${key}&sentry_client=ohnoes%2F${VERSION}`

test.each([
  ['https://abc@collector.example/1', 'https://collector.example/api/1/envelope/', 'abc'],
  ['http://demo@127.0.0.1:4400/1', 'http://127.0.0.1:4400/api/1/envelope/', 'demo'],
  ['https://abc:old@a.example/some/path/42', 'https://a.example/some/path/api/42/envelope/', 'abc'],
])('%s names an address', (dsn, url, key) => {
  expect(envelopeUrl(dsn)).toBe(url + query(key))
})

test.each([
  '',
  'nonsense',
  'https://a.example/1',
  'ftp://k@a.example/1',
  'https://k@a.example',
  'https://k@a.example/1?x=2',
])('%j is no DSN', dsn => {
  expect(envelopeUrl(dsn)).toBe(dsn)
})
