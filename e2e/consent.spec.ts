// Until the user has answered, everything stays in the memory of the page.

import { expect, test } from './browser.ts'

type Api = typeof import('../src/index.ts')
declare const ohnoes: Api

test('what is recorded before consent is sent with it, and nothing is stored before', async ({
  tab,
  server,
  collector,
}) => {
  await tab.goto(server.url('consent.html', { consent: 'pending' }))
  await tab.click('button')
  await tab.run(() => {
    ohnoes.setTag('asked', 'yes')
    ohnoes.captureException(new Error('before consent'))
  })
  const pending = await tab.run(() => {
    const { kept, sent, dropped } = ohnoes.getStats()
    return { kept, sent, dropped, stored: [sessionStorage.length, localStorage.length, document.cookie] }
  })
  expect(pending).toEqual({ kept: 1, sent: 0, dropped: {}, stored: [0, 0, ''] })
  await tab.run(() => ohnoes.setConsent(true))
  await tab.run(() => void ohnoes.captureException(new Error('after consent')))
  const events = await collector.waitForEvents(events => events.length === 2, server.release)
  expect(events.map(event => event.exception.values[0].value)).toEqual(['before consent', 'after consent'])
  for (const event of events) {
    expect(event.tags.asked).toBe('yes')
    expect(event.breadcrumbs[0]).toMatchObject({ category: 'ui.click', message: 'html > body > button' })
  }
})

test('a refusal forgets everything, and stops', async ({ tab, server, collector }) => {
  await tab.goto(server.url('consent.html', { consent: 'pending' }))
  const stats = await tab.run(async () => {
    ohnoes.setUser({ id: 7 })
    ohnoes.addFeatureFlag('new cart', true)
    ohnoes.addBreadcrumb({ message: 'crumb' })
    ohnoes.captureException(new Error('before the refusal'))
    ohnoes.setConsent(false)
    ohnoes.captureException(new Error('after the refusal'))
    ohnoes.addBreadcrumb({ message: 'another' })
    await ohnoes.flush()
    const { occurred, sent, dropped } = ohnoes.getStats()
    return { occurred, sent, dropped, isOn: ohnoes.isInitialized(), stored: sessionStorage.length }
  })
  expect(stats).toEqual({ occurred: 1, sent: 0, dropped: { consent: 1 }, isOn: false, stored: 0 })
  // Changing one's mind is a fresh start.
  await tab.run(() => ohnoes.setConsent(true))
  await tab.run(() => void ohnoes.captureException(new Error('after all')))
  const [event] = await collector.waitForEvents(events => events.length === 1, server.release)
  expect(event!.exception.values[0].value).toBe('after all')
  expect(event).not.toHaveProperty('user')
  expect(event!.contexts.flags).toEqual({ values: [] })
  expect(event!.breadcrumbs ?? []).toEqual([])
})

test('of what waits for consent the newest 30 are kept, and the rest is counted', async ({
  tab,
  server,
  collector,
}) => {
  await tab.goto(server.url('consent.html', { consent: 'pending' }))
  await tab.run(() => {
    for (let n = 0; n < 40; n++) {
      ohnoes.captureException({ name: `Error${n}`, message: `n${n}` })
      // What is made in one millisecond is in no order.
      for (const start = Date.now(); Date.now() === start;);
    }
    ohnoes.setConsent(true)
  })
  // Of 30 at most, and of so many as half a megabyte holds.
  const { occurred, sent, dropped } = await tab.run(() => ohnoes.flush(10_000).then(() => ohnoes.getStats()))
  expect([occurred, sent + dropped.queue_overflow!]).toEqual([40, 40])
  expect(sent).toBeGreaterThan(20)
  expect(sent).toBeLessThanOrEqual(30)
  const events = await collector.waitForEvents(events => events.length === sent, server.release)
  const numbers = events.map(event => Number(event.exception.values[0].value.slice(1)))
  expect(Math.min(...numbers)).toBe(40 - sent)
})

for (const how of ['consent: false', 'enabled: false'])
  test(`${how} does nothing at all`, async ({ tab, server }) => {
    const page = how === 'consent: false' ? { consent: 'false' } : { consent: 'true', enabled: 'false' }
    let requests = 0
    server.route('/api/1/envelope/', (_request, response) => {
      requests++
      response.end('{}')
    })
    await tab.goto(server.url('consent.html', page))
    await tab.click('button')
    const after = await tab.run(async () => {
      ohnoes.addBreadcrumb({ message: 'crumb' })
      ohnoes.captureException(new Error('never'))
      setTimeout(() => Promise.reject(new Error('never')))
      await new Promise(resolve => addEventListener('unhandledrejection', resolve, { once: true }))
      await fetch('/harness.html')
      return {
        isNative: Object.hasOwn(fetch, 'name') && fetch.toString().includes('fetch'),
        occurred: ohnoes.getStats().occurred,
        stored: sessionStorage.length,
      }
    })
    expect(after).toEqual({ isNative: true, occurred: 0, stored: 0 })
    await tab.goto(server.url('harness.html'))
    expect(requests).toBe(0)
  })
