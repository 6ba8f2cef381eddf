// The page stays as it was: what is patched, and what close() leaves behind.

import { expect, test } from './browser.ts'

declare const ohnoes: typeof import('ohnoes')
declare const take: () => Map<string, PropertyDescriptor>
declare const compare: (before: ReturnType<typeof take>, after: ReturnType<typeof take>) => string[]
declare const goWrong: (name: string) => Promise<void>
declare let kept: ReturnType<typeof take>

/** All that we change about a page between init and close, beside listeners. */
const DOCUMENTED = ['window _ohnoes', 'window WebSocket', 'window fetch', 'XMLHttpRequest.prototype open']
/** Where there is no Navigation API. */
const HISTORY = ['History.prototype pushState', 'History.prototype replaceState']

test('init changes only what is documented, and close undoes it', async ({ tab, server, collector }) => {
  await tab.goto(server.url('patches.html'))
  // Now and then WebKitGTK 2.50 is done with the page before its modules are.
  await tab.waitFor(() => typeof ohnoes === 'object')
  const size = await tab.run(() => {
    kept = take()
    return kept.size
  })
  expect(size).toBeGreaterThan(1000)

  // A comparison that sees nothing would be green for ever.
  const seen = await tab.run(() => {
    const { log } = console
    console.log = () => {}
    const found = compare(kept, take())
    console.log = log
    return [found, compare(kept, take())]
  })
  expect(seen).toEqual([['console log'], []])

  const changed = await tab.run(
    async (dsn, release) => {
      ohnoes.init({ dsn, release })
      const between = compare(kept, take())
      ohnoes.captureException(new Error('before close'))
      const isFlushed = await ohnoes.close(10_000)
      return { between, isFlushed, after: compare(kept, take()), hasNavigation: 'navigation' in window }
    },
    collector.dsn,
    server.release,
  )
  const documented = [...DOCUMENTED, ...(changed.hasNavigation ? [] : HISTORY)].sort()
  expect(changed).toMatchObject({ isFlushed: true, after: [] })
  expect(changed.between.sort()).toEqual(documented)
})

test('nothing is reported after close, and init starts anew', async ({ tab, server, collector }) => {
  await tab.goto(server.url('patches.html'))
  // Now and then WebKitGTK 2.50 is done with the page before its modules are.
  await tab.waitFor(() => typeof ohnoes === 'object')
  const start = () => tab.run((dsn, release) => ohnoes.init({ dsn, release }), collector.dsn, server.release)
  await tab.run(() => goWrong('before init'))
  await start()
  await tab.run(() => goWrong('running'))
  expect(await tab.run(() => ohnoes.close(10_000))).toBe(true)
  await tab.run(() => goWrong('after close'))
  expect(await tab.run(() => ohnoes.isInitialized())).toBe(false)
  await start()
  await tab.run(() => goWrong('again'))
  expect(await tab.run(() => ohnoes.flush(10_000))).toBe(true)

  const values = (await collector.events(server.release)).map(event => event.exception?.values.at(-1).value)
  const each = ['running', 'again'].flatMap(name => [
    `${name}: captured`,
    `${name}: rejected`,
    `${name}: thrown`,
    `${server.origin}/missing/${name}.js`,
  ])
  expect(values.sort()).toEqual(each.sort())
  const { occurred, sent, dropped } = await tab.run(() => ohnoes.getStats())
  expect({ occurred, sent, dropped }).toEqual({ occurred: 8, sent: 8, dropped: {} })
})
