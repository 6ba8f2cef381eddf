// Reports made while the page goes away. The wire is watched here, not the collector, which knows an event by its id
// and would hide a second one.

import { expect, test } from './browser.ts'
import type { PageServer } from './server.ts'

declare const report: (moment: string) => void

interface Arrived {
  moment: string
  isHidden: boolean
}

const MOMENTS = ['in pagehide', 'on the next page', 'when hidden']

test('a report made while the page is hidden arrives, once', async ({ tab, server }) => {
  const arrived = watch(server)
  await tab.goto(server.url('unload.html?last'))
  await tab.goto(server.url('unload.html'))
  await tab.run(() => report('on the next page'))
  await expect.poll(() => arrived.map(({ moment }) => moment).sort()).toEqual(MOMENTS)
  // In pagehide a page is still visible, or already hidden, as the engine likes.
  expect(arrived.find(({ moment }) => moment === 'when hidden')!.isHidden).toBe(true)
})

test('a report made in beforeunload arrives, once', async ({ tab, server }) => {
  const arrived = watch(server)
  await tab.goto(server.url('unload.html?asked'))
  await tab.goto(server.url('unload.html'))
  await tab.run(() => report('on the next page'))
  await expect
    .poll(() => arrived.map(({ moment }) => moment).sort())
    .toEqual(['in beforeunload', 'on the next page'])
})

test('a report made while the tab is closed arrives, once', async ({ open, server }) => {
  const arrived = watch(server)
  const tab = await open()
  test.skip(
    tab.engine === 'firefox',
    'Firefox 153 often drops what a tab sends while it is closed, when its handler takes 3 ms, without us too',
  )
  await tab.goto(server.url('unload.html?last'))
  await tab.close()
  const other = await open()
  await other.goto(server.url('unload.html'))
  await other.run(() => report('on the next page'))
  await expect.poll(() => arrived.map(({ moment }) => moment).sort()).toEqual(MOMENTS)
})

/** Takes the place of the collector, on another origin. */
function watch(server: PageServer): Arrived[] {
  const arrived: Arrived[] = []
  server.dsn = `${server.otherOrigin.replace('//', '//demo@')}/1`
  server.route('/api/1/envelope/', (_request, response, body) => {
    const event = JSON.parse(body.split('\n')[2]!)
    arrived.push({
      moment: event.exception.values.at(-1).value,
      isHidden: event.tags.state === 'hidden',
    })
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('{}')
  })
  return arrived
}
