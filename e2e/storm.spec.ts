// An error that repeats: what leaves of it stands for all of it, and what is held back costs next to nothing.

import { expect, test } from './browser.ts'
import type { PageServer } from './server.ts'

type Api = typeof import('ohnoes')
declare const ohnoes: Api

interface Row {
  fp?: string
  u?: number
  p: number
  n: number
}

/** Takes the collector's place: what each event stands for, and the rows of counts. */
function watch(server: PageServer) {
  const events: { message: string; p: number; n: number; fp: string }[] = []
  const counts: Row[] = []
  server.route('/api/1/envelope/', (_request, response, body) => {
    const [{ ohnoes }, ...items] = body.split('\n').map(line => JSON.parse(line))
    for (let i = 0; i < items.length; i += 2) {
      const item = items[i + 1]
      if (items[i].type === 'event') events.push({ message: item.exception.values.at(-1).value, ...ohnoes })
      if (items[i].type === 'ohnoes_counts') counts.push(...item.rows)
    }
    response.end('{}')
  })
  return { events, counts, total: () => [...events, ...counts].reduce((sum, { n }) => sum + n, 0) }
}

test('a repeat of an error with a place is held back without a look at its stack', async ({
  tab,
  server,
}) => {
  const { events, total } = watch(server)
  await tab.goto(server.url('session.html', { rate: 0, page: 1 }))
  const lookedAt = await tab.run(async () => {
    ohnoes.init({ dsn: document.scripts[0]!.dataset.dsn, fleetSampling: true })
    const looks: boolean[] = []
    for (let i = 0; i < 100; i++) {
      const error = new Error('again')
      Object.defineProperty(error, 'stack', { get: () => void (looks[i] = true) })
      looks[i] = false
      dispatchEvent(
        new ErrorEvent('error', { error, message: 'Error: again', filename: 'a.js', lineno: 1, colno: 2 }),
      )
    }
    await ohnoes.flush()
    return looks.flatMap((isLookedAt, i) => (isLookedAt ? [i + 1] : []))
  })
  expect(lookedAt).toEqual([1, 2, 4, 8, 16, 32, 64])
  // They waited for the collector's rules together, and overtake each other.
  expect(events.map(({ n }) => n).sort((a, b) => a - b)).toEqual([1, 1, 2, 4, 8, 16, 32])
  await tab.goto(server.url('harness.html'))
  await expect.poll(total).toBe(100)
})

test('without a place each call site is found, and after sixteen repeats nobody looks for it any more', async ({
  tab,
  server,
}) => {
  const { events, total } = watch(server)
  await tab.goto(server.url('session.html', { rate: 0, page: 1 }))
  const lookedAt = await tab.run(async () => {
    ohnoes.init({ dsn: document.scripts[0]!.dataset.dsn, fleetSampling: true })
    const looks: number[] = []
    const throwAt = (line: number, nth: number) => {
      const error = new Error('Failed to fetch')
      const stack = `Error: Failed to fetch\n    at load (https://a.example/a.js:${line}:1)`
      Object.defineProperty(error, 'stack', { get: () => (looks.push(nth), stack) })
      ohnoes.captureException(error)
    }
    for (let site = 1; site <= 20; site++) throwAt(site, 0)
    for (let nth = 1; nth <= 1000; nth++) throwAt(1 + (nth % 2), nth)
    await ohnoes.flush()
    return [...new Set(looks)]
  })
  expect(new Set(events.map(({ fp }) => fp)).size).toBe(20)
  // Then as the admission of all of them together has it.
  expect(lookedAt.filter(nth => nth > 16)).toEqual([16, 32, 64, 128, 256, 512].map(n => n + 16))
  await tab.goto(server.url('harness.html'))
  await expect.poll(total).toBe(1020)
})

test('a page that throws and reloads in a loop tells how often, in few requests', async ({ tab, server }) => {
  const { events, total } = watch(server)
  const visit = async () => {
    await tab.goto(server.url('session.html', { rate: 0, page: 1 }))
    await tab.run(() => {
      ohnoes.init({ dsn: document.scripts[0]!.dataset.dsn, fleetSampling: true })
      dispatchEvent(
        new ErrorEvent('error', { message: 'Error: at load', filename: 'a.js', lineno: 1, colno: 2 }),
      )
    })
  }
  for (let i = 0; i < 9; i++) await visit()
  await tab.goto(server.url('harness.html'))
  await expect.poll(total).toBe(9)
  expect(events.map(({ n }) => n)).toEqual([1, 1, 1, 1])
})
