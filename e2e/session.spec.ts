// Sessions, and what is sent without an error: of the sample one update, of all others nothing.

import type { PageServer } from './server.ts'
import { expect, test } from './browser.ts'

type Api = typeof import('../src/index.ts')
declare const ohnoes: Api

interface Update {
  sid: string
  init: boolean
  status: string
  errors: number
  ohnoes_p: number
}

/** Takes the collector's place and keeps the types of the items of each request, and the session updates. */
function watch(server: PageServer) {
  const requests: string[][] = []
  const updates: Update[] = []
  server.route('/api/1/envelope/', (_request, response, body) => {
    const [, ...items] = body.split('\n').map(line => JSON.parse(line))
    requests.push(items.filter((_, i) => i % 2 === 0).map(item => item.type))
    for (let i = 0; i < items.length; i += 2) if (items[i].type === 'session') updates.push(items[i + 1])
    response.end('{}')
  })
  return { requests, updates }
}

test('a session outside the sample makes no request, over all its pages', async ({ tab, server }) => {
  const { requests } = watch(server)
  for (const page of [1, 2, 3]) await tab.goto(server.url('session.html', { rate: 0, page }))
  await tab.goto(server.url('harness.html'))
  // What would have been sent before this is here before this.
  await tab.run(() => fetch('/api/1/envelope/', { method: 'POST', body: '{}\n{"type":"end"}\n{}' }))
  expect(requests).toEqual([['end']])
})

test('a session of the sample is told of while it is well, again with each error, and keeps its id', async ({
  tab,
  server,
}) => {
  const { requests, updates } = watch(server)
  const distinct = () => [
    ...new Map(updates.map(update => [JSON.stringify([update.status, update.errors]), update])).values(),
  ]
  await tab.goto(server.url('session.html', { rate: 1, page: 1 }))
  await tab.goto(server.url('session.html', { rate: 1, page: 2 }))
  await tab.goto(server.url('session.html', { rate: 1, page: 3 }))
  // Where the next page has read the storage before this one wrote that it had sent (Firefox 153, now and then), it says
  // the same again; the collector knows a session by its id.
  await expect.poll(() => distinct().map(({ status }) => status)).toEqual(['ok'])
  await tab.run(() => void ohnoes.captureException(new Error('handled')))
  await tab.run(() => void setTimeout(() => Promise.reject(new Error('not handled'))))
  await expect.poll(() => distinct().length).toBe(3)
  await tab.goto(server.url('harness.html'))
  await tab.run(() => fetch('/api/1/envelope/', { method: 'POST', body: '{}\n{"type":"end"}\n{}' }))
  expect(requests.slice(-3)).toEqual([['event', 'session'], ['event', 'session'], ['end']])
  const { sid } = updates[0]!
  expect(distinct()).toMatchObject([
    { sid, status: 'ok', errors: 0, ohnoes_p: 1 },
    { sid, status: 'ok', errors: 1, ohnoes_p: 1 },
    { sid, status: 'crashed', errors: 2, ohnoes_p: 1 },
  ])
})

test('a session ends after 30 minutes of rest, and only then', async ({ tab, server }) => {
  const { updates } = watch(server)
  const rest = (minutes: number) =>
    tab.run(minutes => {
      // As if it had been that long ago: no engine here lets a test set its clock.
      const session = JSON.parse(sessionStorage.ohnoes)
      session.timestamp -= minutes * 60_000
      sessionStorage.ohnoes = JSON.stringify(session)
    }, minutes)
  const visit = async (page: number) => {
    await tab.goto(server.url('session.html', { rate: 1, page }))
    await tab.run(() => void ohnoes.captureException(new Error('handled')))
    await expect.poll(() => updates.length).toBe(page)
    await tab.goto(server.url('harness.html'))
  }
  await visit(1)
  await rest(29)
  await visit(2)
  await rest(31)
  await visit(3)
  const [first, second, third] = updates.map(({ sid }) => sid)
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

test('weighted sessions arrive in the collector', async ({ tab, server, collector }) => {
  const before = await collector.get('sessions')
  await tab.goto(server.url('session.html', { rate: 1, page: 1 }))
  await tab.run(() => void setTimeout(() => Promise.reject(new Error('not handled'))))
  await collector.waitForEvents(events => events.length === 1, server.release)
  const after = await collector.get('sessions')
  expect(JSON.stringify(after)).not.toBe(JSON.stringify(before))
  expect(JSON.stringify(after)).toContain('crash')
})
