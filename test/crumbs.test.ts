import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { init } from '../src/api.ts'
import { addBreadcrumb, forgetCrumbs, recentCrumbs } from '../src/crumbs.ts'
import { stats } from '../src/ledger.ts'
import { configure } from '../src/options.ts'
import { undo, undos } from '../src/patch.ts'
import type { Breadcrumb } from '../src/protocol.ts'
import { currentSession, forgetSession } from '../src/session.ts'

const messages = () => recentCrumbs().map(crumb => crumb.message)

beforeEach(() => {
  configure({})
  undos.push(() => {}) // it runs
})
afterEach(() => {
  undo()
  forgetCrumbs()
  forgetSession()
  vi.unstubAllGlobals()
})

test('the newest maxBreadcrumbs are kept, oldest first', () => {
  configure({ maxBreadcrumbs: 3 })
  for (let n = 0; n < 5; n++) addBreadcrumb({ message: `${n}` })
  expect(messages()).toEqual(['2', '3', '4'])
})

test.each([0, NaN])('with maxBreadcrumbs %d there is an end', maxBreadcrumbs => {
  configure({ maxBreadcrumbs })
  addBreadcrumb({ message: 'm' })
  expect(messages().length).toBe(0)
})

test('all together have at most 32 KB as JSON, in bytes', () => {
  for (let n = 0; n < 50; n++) addBreadcrumb({ message: `${n} ${'\u4e00'.repeat(1000)}` })
  const kept = recentCrumbs()
  expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(32 * 1024)
  expect(kept.length).toBeGreaterThan(5)
  expect(kept.at(-1)!.message).toMatch(/^49 /)
})

test('one that is huge is cut and leaves room for others', () => {
  addBreadcrumb({ message: 'before' })
  addBreadcrumb({
    message: 'huge',
    data: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'x'.repeat(50_000)])),
  })
  addBreadcrumb({ message: 'after' })
  expect(messages()).toEqual(['before', 'huge', 'after'])
})

test('nothing of the page is held: what changes later changes no breadcrumb', () => {
  const data = { items: ['tea'], password: 'hunter2' }
  addBreadcrumb({ message: 'm', data })
  data.items.push('milk')
  expect(recentCrumbs()[0]!.data).toEqual({ items: ['tea'], password: '[Filtered]' })
})

test('beforeBreadcrumb changes or drops; one that throws changes nothing, is counted, and said', () => {
  configure({
    beforeBreadcrumb(crumb) {
      if (crumb.message == 'drop') return null
      crumb.message += '!'
      if (crumb.message == 'throw!') throw new Error('hook')
      return crumb
    },
  })
  const { hookErrors } = stats
  for (const message of ['keep', 'drop', 'throw']) addBreadcrumb({ message })
  expect(messages()).toEqual(['keep!', 'throw'])
  expect(recentCrumbs()[1]!.data).toEqual({ failed_hook: true })
  expect(stats.hookErrors).toBe(hookErrors + 1)
})

test('a hook that makes what is no JSON of one loses that one only', () => {
  addBreadcrumb({ message: 'before' })
  const cyclic: Breadcrumb = { timestamp: 1 }
  cyclic.data = { cyclic }
  configure({ beforeBreadcrumb: () => cyclic })
  addBreadcrumb({ message: 'm' })
  expect(messages()).toEqual(['before'])
})

test.each([
  ['before init', undefined],
  ['when it is not enabled', { dsn: 'http://demo@collector.test/1', enabled: false, release: 'other' }],
])('%s nothing is recorded, no storage is read and no session begins', (_, disabled) => {
  undo()
  const sessionStorage = {
    reads: 0,
    get ohnoes() {
      return this.reads++
    },
  }
  vi.stubGlobal('sessionStorage', sessionStorage)
  if (disabled) init(disabled)
  addBreadcrumb({ message: 'early' })
  expect(messages()).toEqual([])
  expect(sessionStorage.reads).toBe(0)

  init({ release: '2', environment: 'test', sessionSampleRate: 0.5 })
  expect(currentSession()).toMatchObject({ attrs: { release: '2', environment: 'test' }, ohnoes_p: 0.5 })
  expect(sessionStorage.reads).toBe(1)
})
