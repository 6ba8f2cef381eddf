import { expect, test } from 'vitest'
import { messagePattern } from '../src/message-pattern.ts'

test.each([
  ['mail to ann+b@mail.example.com failed', 'mail to <email> failed'],
  ['GET https://a.example/x?y=1 (404)', 'GET <url> (<n>)'],
  ['no host 10.0.0.17 or fe80:0:0:1:2:3:4:5', 'no host <ip> or <ip>'],
  ['order 4f3a9c21-0000-4000-8000-0a1b2c3d4e5f', 'order <uuid>'],
  ['at 0x7ffee4 in 4f3a9c21b7d0e8a94f3a', 'at <hex> in <hex>'],
  ['chunk 4f3a9c2 is gone', 'chunk <hash> is gone'],
  ['since 2026-11-03T10:20:30.123Z and 2026-11-03', 'since <date> and <date>'],
  ['took 1,234.5 ms of 99', 'took <n> ms of <n>'],
  [
    "Cannot read properties of undefined (reading 'total')",
    'Cannot read properties of undefined (reading <quoted>)',
  ],
  ['field "a b" and `c` and “d”', 'field <quoted> and <quoted> and <quoted>'],
  ["can't open the users' file", "can't open the users' file"],
  ['the facade was defaced', 'the facade was defaced'],
  ['one\ntwo 2\nthree', 'one\ntwo <n>'],
])('%j reads as %j', (message, pattern) => {
  expect(messagePattern(message)).toBe(pattern)
})
