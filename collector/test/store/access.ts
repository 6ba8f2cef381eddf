import { expect, test } from 'vitest'
import type { StoreUnderTest } from './conformance.ts'
import { NOW_MS } from './rows.ts'

/** Hashes of passwords, logins and tokens. */
export function testAccess(at: StoreUnderTest): void {
  test('a new password ends all logins, and stays', async () => {
    expect(await at.store.passwordHash()).toBe(null)
    await at.store.addLogin('login', NOW_MS + 1000)
    expect(await at.store.isLogin('login', NOW_MS)).toBe(true)
    await at.store.setPasswordHash('hash')
    expect(await at.store.isLogin('login', NOW_MS)).toBe(false)
    await at.reopen()
    expect(await at.store.passwordHash()).toBe('hash')
  })

  test('a login ends by itself, or when it is removed', async () => {
    await at.store.addLogin('a', NOW_MS + 100_000)
    await at.store.addLogin('b', NOW_MS + 100_000)
    expect(await at.store.isLogin('a', NOW_MS + 100_000)).toBe(false)
    await at.store.removeLogin('a')
    expect([await at.store.isLogin('a', NOW_MS), await at.store.isLogin('b', NOW_MS)]).toEqual([false, true])
    expect(await at.store.isLogin('none', NOW_MS)).toBe(false)
  })

  test('a token is found by its hash until it is removed', async () => {
    const token = { hash: 'h', project: '1', scope: 'read' as const, label: 'CI', createdMs: NOW_MS }
    await at.store.addToken(token)
    expect([await at.store.findToken('h'), await at.store.findToken('x')]).toEqual([token, null])
    expect(await at.store.tokens()).toEqual([token])
    expect([await at.store.removeToken('h'), await at.store.removeToken('h')]).toEqual([true, false])
    expect(await at.store.tokens()).toEqual([])
  })

  test('the signing key is random and stays', async () => {
    const key = await at.store.signingKey()
    expect(key.length).toBeGreaterThanOrEqual(32)
    await at.reopen()
    expect(await at.store.signingKey()).toBe(key)
  })
}
