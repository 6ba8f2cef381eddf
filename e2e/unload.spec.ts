// Reports made while the page goes away.

import { expect, test } from './browser.ts'

declare const report: (moment: string) => void

test('a report made while the page is hidden leaves by beacon, once', async ({ tab, server, collector }) => {
  await tab.goto(server.url('unload.html?last'))
  await tab.goto(server.url('unload.html'))
  const { states, beacons } = await tab.run(() => ({
    states: JSON.parse(sessionStorage.getItem('reports')!) as string[],
    beacons: Number(sessionStorage.getItem('beacons')),
  }))
  // In pagehide a page is still visible, or already hidden, as the engine likes.
  expect(states).toHaveLength(2)
  expect(states).toContain('hidden')
  expect(beacons).toBe(states.filter(state => state === 'hidden').length)

  await tab.run(() => report('on the next page'))
  const moments = ['in pagehide', 'on the next page', 'when hidden']
  const events = await collector.waitForEvents(events => events.length >= moments.length, server.release)
  expect(events.map(event => event.exception.values.at(-1).value).sort()).toEqual(moments)
})

test('a report made while the tab is closed arrives, once', async ({ open, server, collector }) => {
  const tab = await open()
  await tab.goto(server.url('unload.html?last'))
  await tab.close()
  const other = await open()
  await other.goto(server.url('unload.html'))
  await other.run(() => report('in another tab'))
  const moments = ['in another tab', 'in pagehide', 'when hidden']
  const events = await collector.waitForEvents(events => events.length >= moments.length, server.release)
  expect(events.map(event => event.exception.values.at(-1).value).sort()).toEqual(moments)
})
