// What can go wrong on the way, and that every event is then either in the store, once, or counted as dropped.

import { expect, test, type Tab } from './browser.ts'
import { answer, startFaultyCollector, type Fault } from './faulty-collector.ts'
import { attachColumn } from './table-reporter.ts'

declare const ohnoes: typeof import('ohnoes')
declare const clock: { pass(ms: number): Promise<void> }

const MINUTE = 60_000
const DROPPED = 'dropped'

/** How the server fails, and for how long. All events arrive unless it says that they are `DROPPED`. */
const FAULTS: Record<string, { fault: Fault | 'refused'; ms?: number; fate?: typeof DROPPED }> = {
  'a refused connection': { fault: 'refused' },
  'a reset in the middle of the request': { fault: ({ request }) => request.socket.destroy() },
  'a reset in the middle of the answer, once it is stored': {
    fault: async ({ response, pass }) => {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Length': 100 }).write('{')
      await pass()
      response.destroy()
    },
  },
  'no answer for a minute': {
    fault: async ({ response, pass }) => {
      await hanging
      await pass()
      response.destroy()
    },
  },
  '429 with headers': {
    fault: ({ response }) =>
      answer(response, 429, { 'Retry-After': '90', 'X-Sentry-Rate-Limits': '90:error;default:key:quota' }),
  },
  '429 without a header': { fault: ({ response }) => answer(response, 429) },
  '413': { fault: ({ response }) => answer(response, 413), fate: DROPPED },
  '500': { fault: ({ response }) => answer(response, 500) },
  '503 for ten minutes': { fault: ({ response }) => answer(response, 503), ms: 10 * MINUTE },
  '503 with Retry-After': { fault: ({ response }) => answer(response, 503, { 'Retry-After': '5' }) },
  'malformed headers': {
    fault: ({ response }) =>
      answer(response, 503, { 'Retry-After': 'soon', 'X-Sentry-Rate-Limits': ';;:,abc:def:::,-1' }),
  },
  'an answer that drips': {
    fault: async ({ response, pass }) => {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' })
      for (const character of '{"id":"slow"}') {
        response.write(character)
        await new Promise(resolve => setImmediate(resolve))
      }
      await pass()
      response.end()
    },
  },
}

let hanging: Promise<void>

for (const [name, { fault, ms = MINUTE, fate }] of Object.entries(FAULTS))
  test(`${name}: what was sent arrives once, or is counted`, async ({ tab, server, collector }, testInfo) => {
    test.setTimeout(90_000)
    let release = () => {}
    hanging = new Promise(resolve => (release = resolve))
    const faulty = await startFaultyCollector(collector)
    server.dsn = faulty.dsn
    const { client: told } = await collector.get('outcomes')
    await tab.goto(server.url('clock.html'))
    await faulty.fail(fault)
    await report(tab, 1, 3)
    await expect.poll(() => faulty.requests > 0 || fault === 'refused').toBe(true)
    const isOut = name.startsWith('no answer')
    if (isOut) {
      const { sent, dropped } = await tab.run(() => ohnoes.getStats())
      expect({ sent, dropped }).toEqual({ sent: 0, dropped: {} })
    } else await tab.run(ms => ohnoes.flush().then(() => clock.pass(ms)), ms)
    if (!fate) expect((await tab.run(() => ohnoes.getStats())).dropped.send_error).toBeUndefined()
    await report(tab, 4, 4)
    await faulty.fail()
    release()
    await tab.run(ms => ohnoes.flush().then(() => clock.pass(ms)), 10 * MINUTE)
    await report(tab, 5, 5)
    await tab.run(ms => ohnoes.flush().then(() => clock.pass(ms)), 10 * MINUTE)

    const { occurred, restored, sent, dropped } = await tab.run(() => ohnoes.getStats())
    const lost = Object.values(dropped).reduce((sum, n) => sum + n, 0)
    expect({ occurred, restored, settled: sent + lost }).toEqual({ occurred: 5, restored: 0, settled: 5 })
    const events = await collector.waitForEvents(events => events.length === sent, server.release)
    const arrived = events.map(event => event.exception.values[0].value)
    expect(new Set(arrived).size, 'none is twice in the store').toBe(arrived.length)
    expect(arrived).toContain('e5')
    if (!fate) for (const n of [1, 2, 3]) expect(arrived).toContain(`e${n}`)
    // And the collector was told what was dropped.
    for (const [reason, n] of Object.entries(dropped))
      await expect
        .poll(async () => (await collector.get('outcomes')).client[reason])
        .toBe((told[reason] ?? 0) + n)
    await attachColumn(testInfo, {
      table: 'of 5 events, 4 of them during a fault',
      cells: { [name]: `${arrived.length} arrived, ${lost} dropped, ${faulty.requests} requests` },
    })
    await faulty.close()
  })

test('40,000 CJK characters in a message arrive', async ({ tab, server, collector }) => {
  await tab.goto(server.url('clock.html'))
  const length = await tab.run(() => {
    const message = '\u4e00'.repeat(40_000)
    ohnoes.captureException(new Error(message))
    return message.length
  })
  const [event] = await collector.waitForEvents(events => events.length === 1, server.release)
  // The collector stores the first 8,192, and says how many came.
  expect(event!._meta.exception.values[0].value[''].len).toBe(length)
})

async function report(tab: Tab, from: number, to: number): Promise<void> {
  await tab.run(
    (from, to) => {
      // Of one name they would be one error, of which the 3rd does not leave.
      for (let n = from; n <= to; n++)
        ohnoes.captureException(Object.assign(new Error(`e${n}`), { name: `Error${n}` }))
    },
    from,
    to,
  )
}
