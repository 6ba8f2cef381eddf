import { expect, test } from 'vitest'
import { hashPassword, isPassword } from '../src/password.ts'

test('a hash knows its password, in any spelling of Unicode, and no other', async () => {
  const hash = await hashPassword('caf\u00e9 horse')
  expect(hash).toMatch(/^scrypt:32768:8:3:[0-9a-f]{32}:[0-9a-f]{64}$/)
  expect(await isPassword('cafe\u0301 horse', hash)).toBe(true)
  expect(await isPassword('cafe horse', hash)).toBe(false)
  expect(await isPassword('', hash)).toBe(false)
})

test('the same password has another hash each time', async () => {
  expect(await hashPassword('horse')).not.toBe(await hashPassword('horse'))
})

test('a hash of another cost is understood', async () => {
  const salt = '00'.repeat(16)
  // `scryptSync('horse', salt, 32, { N: 1024, r: 8, p: 1 })`
  const { scryptSync } = await import('node:crypto')
  const key = scryptSync('horse', Buffer.from(salt, 'hex'), 32, { N: 1024, r: 8, p: 1 }).toString('hex')
  expect(await isPassword('horse', `scrypt:1024:8:1:${salt}:${key}`)).toBe(true)
})
