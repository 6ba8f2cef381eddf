// Scopes where the engine has AsyncContext, in whose place is what Node has of it. As engines are today: e2e/api.spec.ts.

import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test, vi } from 'vitest'
import type { Scope } from '../src/scope.ts'

class Variable {
  storage = new AsyncLocalStorage<Scope>()
  get() {
    return this.storage.getStore()
  }
  run<T>(scope: Scope, callback: (scope: Scope) => T, argument: Scope): T {
    return this.storage.run(scope, callback, argument)
  }
}
vi.stubGlobal('AsyncContext', { Variable })
const { getCurrentScope, withScope } = await import('../src/scope.ts')

const later = () => new Promise(resolve => setTimeout(resolve))

test('a scope holds after an await, and concurrent ones do not leak into each other', async () => {
  const outside = getCurrentScope()
  const job = (name: string) =>
    withScope(async scope => {
      scope.setTag('job', name)
      await later()
      expect(getCurrentScope()).toBe(scope)
      const inner = await withScope(async scope => {
        await later()
        scope.setTag('inner', 'yes')
        return getCurrentScope().tags
      })
      await later()
      return [getCurrentScope().tags, inner]
    })
  const jobs = [job('tea'), job('milk')]
  expect(getCurrentScope()).toBe(outside)
  expect(await Promise.all(jobs)).toEqual(['tea', 'milk'].map(job => [{ job }, { job, inner: 'yes' }]))
  expect(outside.tags).toBeUndefined()
})
