// What cannot be sent waits: in memory, and in IndexedDB for the next page, whatever the database does.

import { expect, test, type Tab } from './browser.ts'
import { answer, startFaultyCollector, type FaultyCollector } from './faulty-collector.ts'
import type { PageServer } from './server.ts'

declare const ohnoes: typeof import('ohnoes')
declare const report: (from: number, to: number) => void
declare const countStored: () => Promise<number>
declare const seen: string[]
declare const opens: number

const withFaults = test.extend<{ faulty: FaultyCollector }>({
  faulty: async ({ server, collector }, use) => {
    const faulty = await startFaultyCollector(collector)
    server.dsn = faulty.dsn
    await use(faulty)
    await faulty.close()
  },
})

const visit = (tab: Tab, server: PageServer, options = {}) =>
  tab.goto(server.url('offline.html', { consent: 'true', before: '', ...options }))

/** A page that could not send three reports, and is gone. */
async function leaveThree({
  tab,
  server,
  faulty,
}: {
  tab: Tab
  server: PageServer
  faulty: FaultyCollector
}) {
  await faulty.fail('refused')
  await visit(tab, server)
  await tab.run(() => report(1, 3))
  await tab.waitFor(async () => (await countStored()) === 3)
  await tab.goto(server.url('harness.html'))
}

withFaults(
  'what could not be sent leaves with the next page view, once, and nothing is left of it',
  async ({ tab, server, collector, faulty }) => {
    await leaveThree({ tab, server, faulty })
    await faulty.fail()
    await visit(tab, server)
    const events = await collector.waitForEvents(events => events.length === 3, server.release)
    expect(events.map(event => event.exception.values[0].value)).toEqual(['e1', 'e2', 'e3'])
    await tab.waitFor(async () => (await countStored()) === 0)
    const { occurred, restored, sent, dropped } = await tab.run(() => ohnoes.getStats())
    expect({ occurred, restored, sent, dropped }).toEqual({ occurred: 0, restored: 3, sent: 3, dropped: {} })
    await visit(tab, server)
    await tab.run(() => report(4, 4))
    const all = await collector.waitForEvents(events => events.length > 3, server.release)
    expect(all).toHaveLength(4)
  },
)

withFaults(
  'what is stored is taken over once, however often init is called',
  async ({ tab, server, collector, faulty }) => {
    await leaveThree({ tab, server, faulty })
    let release = () => {}
    const released = new Promise<void>(resolve => (release = resolve))
    await faulty.fail(({ pass }) => released.then(pass))
    await visit(tab, server, { before: COUNT_OPENS })
    await tab.run(() => ohnoes.init(document.querySelector<HTMLElement>('[data-dsn]')!.dataset))
    // While the first request of the first look into the store is out there is the second look.
    await tab.waitFor(() => opens === 2)
    expect(await tab.run(() => countStored())).toBe(3)
    release()
    await tab.waitFor(async () => (await countStored()) === 0)
    const { occurred, restored, sent, dropped } = await tab.run(() => ohnoes.getStats())
    expect({ occurred, restored, sent, dropped }).toEqual({ occurred: 0, restored: 3, sent: 3, dropped: {} })
    expect(faulty.requests).toBe(3)
    expect(await collector.events(server.release)).toHaveLength(3)
  },
)

withFaults(
  'tabs share a store of 30, and lose nothing as long as they live',
  async ({ open, server, collector, faulty }) => {
    await faulty.fail('refused')
    const tabs = [await open(), await open()] as const
    for (const [i, tab] of tabs.entries()) {
      await visit(tab, server)
      await tab.run(from => report(from, from + 19), i * 20 + 1)
      await tab.waitFor(async n => (await countStored()) === n, i ? 30 : 20)
    }
    await faulty.fail()
    for (const tab of tabs) await tab.run(() => dispatchEvent(new Event('online')))
    // The tab of those that were pushed out has them still.
    const events = await collector.waitForEvents(events => events.length === 40, server.release)
    expect(new Set(events.map(event => event.exception.values[0].value)).size).toBe(40)
    for (const tab of tabs) {
      await tab.waitFor(() => {
        const { occurred, restored, sent, dropped } = ohnoes.getStats()
        return occurred + restored === sent + (dropped.queue_overflow ?? 0)
      })
      await tab.waitFor(async () => (await countStored()) === 0)
    }
  },
)

const COUNT_OPENS = `let opens = 0
  IDBFactory.prototype.open = (open => function (...args) { opens++; return open.apply(this, args) })(IDBFactory.prototype.open)`

const BROKEN: Record<string, string> = {
  'is denied': `Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('', 'SecurityError') } })`,
  'is not there': `Object.defineProperty(window, 'indexedDB', { value: undefined })`,
  'never answers': `IDBFactory.prototype.open = () => ({})`,
  'does not open': `IDBFactory.prototype.open = (open => function () { return open.call(this, 'ohnoes', 2 ** 60) })(IDBFactory.prototype.open)`,
  'is full': `IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }`,
  'has not the store': `IDBDatabase.prototype.createObjectStore = () => {}`,
  'holds something else': `IDBObjectStore.prototype.get = function () { return this.count() }`,
}
for (const [what, before] of Object.entries(BROKEN))
  withFaults(
    `a database that ${what} costs nothing but the next visit`,
    async ({ tab, server, collector, faulty }) => {
      await faulty.fail(({ response }) => answer(response, 500))
      await visit(tab, server, { before })
      await tab.run(() => report(1, 3))
      await expect.poll(() => faulty.requests).toBeGreaterThanOrEqual(3)
      await tab.run(() => ohnoes.flush(10_000))
      await faulty.fail()
      // Until they are there: an attempt that was under way has failed yet, and the next would be minutes away.
      await expect
        .poll(async () => {
          await tab.run(() => dispatchEvent(new Event('online')))
          return (await collector.events(server.release)).length
        })
        .toBe(3)
      await tab.waitFor(() => ohnoes.getStats().sent === 3)
      expect(await tab.run(() => seen)).toEqual([])
      const { occurred, restored, sent, dropped } = await tab.run(() => ohnoes.getStats())
      expect({ occurred, restored, sent, dropped }).toEqual({
        occurred: 3,
        restored: 0,
        sent: 3,
        dropped: {},
      })
    },
  )

withFaults(
  'nothing is stored without an error, before consent, and after a refusal',
  async ({ tab, server, faulty }) => {
    await faulty.fail('refused')
    const restored = () => tab.run(() => new Promise(resolve => setTimeout(resolve, 1_500))) // it is looked for after a second
    await visit(tab, server)
    await restored()
    expect(await tab.run(() => countStored())).toBe(-1)
    await visit(tab, server, { consent: 'pending' })
    await tab.run(() => report(1, 2))
    expect(await tab.run(() => countStored())).toBe(-1)
    await tab.run(() => ohnoes.setConsent(true))
    await tab.waitFor(async () => (await countStored()) === 2)
    await tab.run(() => ohnoes.setConsent(false))
    await tab.waitFor(async () => (await countStored()) === 0)
    const { occurred, sent, dropped } = await tab.run(() => ohnoes.getStats())
    expect({ occurred, sent, dropped }).toEqual({ occurred: 2, sent: 0, dropped: { consent: 2 } })
  },
)

withFaults(
  'what is on its way when consent is refused, and then fails, is not sent after a change of mind',
  async ({ tab, server, collector, faulty }) => {
    let release = () => {}
    const released = new Promise<void>(resolve => (release = resolve))
    await faulty.fail(({ request }) => released.then(() => request.socket.destroy()))
    await visit(tab, server)
    await tab.run(() => report(1, 1))
    await expect.poll(() => faulty.requests).toBe(1)
    await tab.run(() => ohnoes.setConsent(false))
    release()
    await tab.waitFor(() => ohnoes.getStats().dropped.consent)
    await faulty.fail()
    await tab.run(() => ohnoes.setConsent(true))
    await tab.run(() => report(2, 2))
    const events = await collector.waitForEvents(events => events.length > 0, server.release)
    expect(events.map(event => event.exception.values[0].value)).toEqual(['e2'])
    await tab.waitFor(() => ohnoes.getStats().sent === 1)
    const { occurred, sent, dropped } = await tab.run(() => ohnoes.getStats())
    expect({ occurred, sent, dropped }).toEqual({ occurred: 2, sent: 1, dropped: { consent: 1 } })
    expect(await tab.run(() => countStored())).toBe(-1)
    expect(faulty.requests).toBe(2)
  },
)

withFaults('a limit holds on the next page of the tab', async ({ tab, server, collector, faulty }) => {
  await faulty.fail(({ response }) => answer(response, 200, { 'X-Sentry-Rate-Limits': '60:error:key:quota' }))
  await visit(tab, server)
  await tab.run(() => report(1, 1))
  await tab.run(() => ohnoes.flush(10_000))
  await visit(tab, server)
  await tab.run(() => report(2, 2))
  const { sent, dropped } = await tab.run(() => ohnoes.getStats())
  expect({ sent, dropped }).toEqual({ sent: 0, dropped: { ratelimit_backoff: 1 } })
  expect(await collector.events(server.release)).toEqual([])
})
