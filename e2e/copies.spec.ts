// Two copies of ohnoes on one page, as happens when a tag manager and an app both bring it.

import { expect, test } from './browser.ts'

type Api = typeof import('ohnoes')
declare const ohnoes: Api
declare const first: Api
declare const second: Api
declare const warned: string[]

for (const [what, page] of [
  ['script tag', 'copies/scripts.html'],
  ['ES module', 'copies/module.html'],
] as const)
  test(`a second copy by ${what} says so under debug and stays quiet`, async ({ tab, server, collector }) => {
    await tab.goto(server.url(page))
    await tab.waitFor(() => warned.length)
    expect(await tab.run(() => warned)).toEqual([expect.stringMatching(/^ohnoes: duplicate/)])

    const isAllSent = await tab.run(async () => {
      const happens = (type: string) =>
        new Promise(resolve => addEventListener(type, resolve, { once: true }))
      const both = Promise.all([happens('error'), happens('unhandledrejection')])
      setTimeout(() => {
        throw new Error('thrown')
      })
      Promise.reject(new Error('rejected'))
      ohnoes.captureException(new Error('captured'))
      await both
      return first.flush(10_000)
    })
    expect(isAllSent).toBe(true)
    const values = (await collector.events(server.release)).map(event => event.exception?.values.at(-1).value)
    expect(values.sort()).toEqual(['captured', 'rejected', 'thrown'])
    expect(await tab.run(() => warned.length)).toBe(1)
  })

test('a copy may start where another one was closed', async ({ tab, server, collector }) => {
  await tab.goto(server.url('copies/module.html'))
  await tab.waitFor(() => warned.length)
  await tab.run(
    async (dsn, release) => {
      await first.close()
      second.init({ dsn, release, debug: true })
      second.captureException(new Error('by the second'))
      first.captureException(new Error('by the closed one'))
      return second.flush(10_000)
    },
    collector.dsn,
    server.release,
  )
  const values = (await collector.events(server.release)).map(event => event.exception?.values.at(-1).value)
  expect(values).toEqual(['by the second'])
  expect(await tab.run(() => warned.length)).toBe(1)
})
