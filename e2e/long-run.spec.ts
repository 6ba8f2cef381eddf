// A page that is open for eight hours, of which the collector is down now and then; its clock is the test's.

import { expect, test } from './browser.ts'
import { attachColumn } from './table-reporter.ts'

declare const ohnoes: typeof import('ohnoes')
declare const clock: { pass(ms: number): Promise<void> }

const MINUTE = 60_000
const HOUR = 60
/** Minutes from and to. */
const OUTAGES = [
  [70, 90],
  [200, 203],
  [220, 240],
  [466, 474],
] as const

test('of eight hours with another error each minute all are accounted for, and memory stays flat', async ({
  tab,
  server,
}, testInfo) => {
  test.setTimeout(180_000)
  let isDown = false
  let requests = 0
  /** For how many each event stands. */
  const arrived = new Map<string, number>()
  server.route('/api/1/envelope/', (request, response, body) => {
    requests++
    if (isDown) return request.socket.destroy()
    for (const line of body.split('\n').slice(1)) {
      const { event_id, exception } = JSON.parse(line)
      if (!exception) continue
      arrived.set(event_id, JSON.parse(body.split('\n')[0]!).ohnoes.n)
    }
    response.end('{}')
  })
  const heapSize = async () => {
    const devtools = await tab.devtools?.()
    if (!devtools) return 0 // only Chromium tells
    await devtools.send('HeapProfiler.collectGarbage')
    await devtools.send('HeapProfiler.collectGarbage')
    return (await devtools.send('Runtime.getHeapUsage')).usedSize
  }

  await tab.goto(server.url('clock.html'))
  let after4h = 0
  for (let minute = 0; minute < 8 * HOUR; minute++) {
    isDown = OUTAGES.some(([from, to]) => minute >= from && minute < to)
    await tab.run(
      async (minute, ms) => {
        // As an engine tells it; each hour the same 60, of which the 1st, 2nd, 4th and 8th leave. Of 480 different ones
        // those past 256 would share one storm, of which few leave (docs/sampling.md).
        const error = new Error(`minute ${minute % 60}`)
        const { message } = error
        const filename = `${location.origin}/app.js`
        dispatchEvent(
          new ErrorEvent('error', { message, filename, lineno: (minute % 60) + 1, colno: 1, error }),
        )
        await ohnoes.flush()
        await clock.pass(ms)
      },
      minute,
      MINUTE,
    )
    if (minute === 4 * HOUR) after4h = await heapSize()
  }
  const after8h = await heapSize()
  expect([...arrived.values()].reduce((sum, n) => sum + n, 0)).toBe(8 * HOUR)
  expect(arrived.size).toBe(4 * HOUR)
  expect(await tab.run(() => ohnoes.getStats())).toMatchObject({
    occurred: 8 * HOUR,
    sent: 4 * HOUR,
    dropped: { storm_control: 4 * HOUR },
  })
  expect(requests).toBeGreaterThan(4 * HOUR)
  expect(after8h - after4h).toBeLessThan(256 * 1024)
  await attachColumn(testInfo, {
    table: 'eight hours, an error each minute, 51 minutes without a collector',
    cells: {
      requests: String(requests),
      'heap after 4 h, 8 h': after4h ? `${after4h >> 10} KB, ${after8h >> 10} KB` : 'not told',
    },
  })
})
