// The other specs lean on these promises of the harness; where one does not hold, they would be green for nothing.

import { expect, test } from './browser.ts'

declare const happened: string[]

const STRICT = "default-src 'self'; script-src 'nonce-{{nonce}}'; require-trusted-types-for 'script'"

test('a function runs in the page, strict policy or not, and its result or error comes back', async ({
  tab,
  server,
}) => {
  await tab.goto(server.url('harness.html', { csp: STRICT }))
  const sum = await tab.run(async (a: number, b: { n: number }) => ({ sum: a + b.n }), 1, { n: 2 })
  expect(sum).toEqual({ sum: 3 })
  expect(await tab.run(() => undefined)).toBeUndefined()
  await expect(tab.run(() => Promise.reject(new TypeError('from the page')))).rejects.toThrow('from the page')
  expect(await tab.run(() => happened)).toEqual(['pageshow false'])
})

test('going back takes the page out of the back/forward cache, and it still takes clicks', async ({
  tab,
  server,
}) => {
  await tab.goto(server.url('harness.html'))
  await tab.goto(server.url('harness.html', { another: 1 }))
  await tab.back()
  await tab.click('button')
  await tab.waitFor(() => happened.length === 3)
  expect(await tab.run(() => happened)).toEqual(['pageshow false', 'pageshow true', 'click true'])
})

test('tabs are visible, share storage, and unload when they are closed, even the last one', async ({
  open,
  server,
}) => {
  const hidden: string[] = []
  server.route('/hidden', (_request, response, body) => {
    hidden.push(body)
    response.end()
  })
  const first = await open()
  await first.goto(server.url('harness.html') + '#first')
  await first.run(() => localStorage.setItem('from', 'first'))
  const second = await open()
  await second.goto(server.url('harness.html') + '#second')
  for (const tab of [first, second])
    expect(await tab.run(() => [document.visibilityState, localStorage.getItem('from')])).toEqual([
      'visible',
      'first',
    ])

  await first.close()
  await expect.poll(() => hidden).toEqual(['#first'])
  await second.close()
  await expect.poll(() => hidden).toEqual(['#first', '#second'])
  const third = await open()
  await third.goto(server.url('harness.html'))
  expect(await third.run(() => localStorage.getItem('from'))).toBe('first')
})

test('pages get built files and page files, and nothing else of the repository', async ({ server }) => {
  const status = async (file: string) => (await fetch(server.url(file))).status
  expect(await status('dist/ohnoes.js')).toBe(200)
  expect(await status('harness.html')).toBe(200)
  for (const file of ['src/index.ts', 'dist/%2e%2e/src/index.ts', 'dist/..%2fsrc/index.ts', '../browser.ts'])
    expect(await status(file), file).toBe(404)
  expect(server.served).toEqual(['dist/ohnoes.js', 'e2e/pages/harness.html'])
})
