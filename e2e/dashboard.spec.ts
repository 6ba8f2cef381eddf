// The dashboard as people have it: with keys, without JavaScript, to assistive technology, and with events that are
// made to break out of its pages.

import { chromium, type Browser, type Page } from '@playwright/test'
import axe from 'axe-core'
import { shopEvents } from '../collector/test/sample-shop.ts'
import { expect, test as base } from './browser.ts'
import { startCollector, type Collector } from './collector.ts'
import { readyEngine } from './engines.mjs'

interface WorkerFixtures {
  /** A collector of one's own, to which the shop has reported. */
  shop: Collector & { pages: Record<string, string> }
  chrome: Browser
}

const test = base.extend<object, WorkerFixtures>({
  shop: [
    async ({}, use) => {
      const collector = await startCollector()
      for (const { event, sid } of shopEvents(Date.now() / 1000))
        await post(collector, event, { ohnoes: { sid } })
      await createProject(collector, 'Blog')
      const { groups } = await collector.get('groups')
      const { id } = groups.find(({ type }: { type: string }) => type === 'TypeError')
      const { events } = await collector.get(`groups/${id}/events`)
      await use({ ...collector, pages: pagesOf(id, events[1].event_id) })
      await collector.close()
    },
    { scope: 'worker' },
  ],
  chrome: [
    async ({}, use) => {
      const { executablePath } = readyEngine('chromium')
      const browser = await chromium.launch({ executablePath })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
})

const pagesOf = (groupId: string, eventId: string): Record<string, string> => ({
  list: '/projects/1/groups',
  'empty list': '/projects/1/groups?query=no-such-thing',
  welcome: '/projects/2/groups',
  'refused search': '/projects/1/groups?query=is:fine',
  group: `/projects/1/groups/${groupId}`,
  events: `/projects/1/groups/${groupId}/events`,
  event: `/projects/1/events/${eventId}`,
  vitals: '/projects/1/vitals',
  health: '/projects/1/health',
  settings: '/projects/1/settings',
  releases: '/projects/1/releases',
  artifacts: '/projects/1/artifacts',
  explain: `/projects/1/events/${eventId}/explain`,
  'sign-in': '/login',
  'missing page': '/nowhere',
})

/** As by the form of the settings page. */
async function createProject({ url }: Collector, name: string): Promise<void> {
  const page = await (await fetch(`${url}/projects/1/settings`)).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const response = await fetch(`${url}/projects`, {
    method: 'POST',
    body: new URLSearchParams({ csrf, name }),
  })
  expect(response.url).toBe(`${url}/projects/2/settings`)
}

async function post({ dsn }: Collector, event: Record<string, any>, header = {}, items: string[] = []) {
  const { origin, username, pathname } = new URL(dsn)
  const lines = [{ event_id: event.event_id, ...header }, { type: 'event' }, event].map(line =>
    JSON.stringify(line),
  )
  const response = await fetch(`${origin}/api${pathname}/envelope/?sentry_key=${username}`, {
    method: 'POST',
    body: [...lines, ...items].join('\n'),
  })
  expect(response.status, await response.text()).toBe(200)
}

test('keys move through the list, open a group, resolve it and lead back', async ({ tab, shop }) => {
  const press = (key: string) =>
    tab.run(key => {
      const target = document.activeElement ?? document.body
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }, key)
  const focused = () => tab.run(() => document.activeElement?.textContent ?? '')
  const { value } = (await shop.get('groups?query=is:open')).groups[1]

  await tab.goto(shop.url + shop.pages.list)
  await tab.waitFor(() => !document.querySelector<HTMLElement>('[data-keys]')?.hidden)
  for (const key of ['j', 'j', 'j', 'k']) await press(key)
  expect(await focused()).toContain(value)
  await press('/')
  expect(await tab.run(() => document.activeElement?.getAttribute('name'))).toBe('query')
  await press('j')
  expect(await tab.run(() => document.activeElement?.getAttribute('name'))).toBe('query')
  await press('Escape')
  for (const key of ['j', 'j']) await press(key)
  await tab.run(() => (document.activeElement as HTMLElement).click())
  await tab.waitFor(() => document.querySelector('.group') && document.readyState === 'complete')
  await press('e')
  await tab.waitFor(() => document.querySelector('.badge.resolved') && document.readyState === 'complete')
  await press('o')
  await tab.waitFor(() => document.querySelector('.group') && !document.querySelector('.badge.resolved'))
  await tab.waitFor(() => document.readyState === 'complete')
  await press('u')
  await tab.waitFor(() => document.querySelector('.groups'))
})

test('the list of keys names each key there is', async ({ tab, shop }) => {
  await tab.goto(shop.url + shop.pages.list)
  const listed = await tab.run(() => [...document.querySelectorAll('kbd')].map(kbd => kbd.textContent))
  const script = await tab.run(async () => {
    const { src } = [...document.scripts].find(({ src }) => src.endsWith('dashboard.js'))!
    return (await fetch(src)).text()
  })
  const handled = [...script.matchAll(/^ {2}'?([^\s']+)'?: \(\) =>/gm)].map(([, key]) => key)
  expect(handled.length).toBeGreaterThan(5)
  expect(listed.filter(key => key !== 'Enter').sort()).toEqual(handled.sort())
})

test('the chart of a group can be pointed at, or stays as it is drawn', async ({ tab, shop }) => {
  await tab.goto(shop.url + shop.pages.group)
  // WebKitGTK under the locale C: see chart.js.
  const hasLanguage = await tab.run(() => navigator.language !== 'C')
  const isThere = (selector: string) => !!document.querySelector(`.chart ${selector}`)
  await tab.waitFor(isThere, hasLanguage ? 'canvas' : 'svg')
  expect(await tab.run(isThere, hasLanguage ? 'svg' : 'canvas')).toBe(false)
})

test.describe('in Chromium', () => {
  test.beforeEach(({}, { project }) =>
    test.skip(project.name !== 'chromium', 'drives Chromium itself, for what only it reports'),
  )

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390])
      test(`axe finds nothing serious, ${colorScheme} at ${width} px, and nothing overflows`, async ({
        chrome,
        shop,
      }) => {
        test.setTimeout(120_000) // axe reads every page
        const context = await chrome.newContext({ colorScheme, viewport: { width, height: 900 } })
        const page = await context.newPage()
        for (const [name, path] of Object.entries(shop.pages)) {
          await page.goto(shop.url + path)
          await page.evaluate(() =>
            document.querySelectorAll('details').forEach(details => (details.open = true)),
          )
          // Not as a script of the page, which its policy would refuse.
          await page.evaluate(axe.source)
          const { passes, violations } = await page.evaluate(() => (globalThis as any).axe.run())
          expect(passes.length, name).toBeGreaterThan(10)
          const serious = violations.filter(
            ({ impact }: any) => impact === 'serious' || impact === 'critical',
          )
          expect(
            serious.map(({ id, nodes }: any) => [id, nodes.map(({ html }: any) => html)]),
            name,
          ).toEqual([])
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          )
          expect(overflow, name).toBe(0)
        }
        await context.close()
      })

  test('everything can be read, searched and changed without JavaScript', async ({ chrome, shop }) => {
    const context = await chrome.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(shop.url + shop.pages.list)
    await page.fill('[name=query]', 'type:RangeError')
    await page.click('.search button')
    expect(await page.locator('[data-row]').count()).toBe(1)
    await page.check('[name=id]')
    await page.click('.bulk button[value=muted]')
    await page.goto(`${shop.url}/projects/1/groups?query=is:muted`)
    await page.click('[data-row]')
    await page.click('button[value=unresolved]')
    await page.goto(shop.url + shop.pages.event)
    for (const text of ['return sum * (1 + rate)', 'discount', 'Caused by', 'HttpError', 'button.checkout'])
      await expect(page.locator('main')).toContainText(text)
    expect(await page.locator('.chart svg rect').count()).toBe(14)
    await page.click('.navigator a[rel=prev]')
    await expect(page.locator('.navigator a[rel=next]')).toBeVisible()
    await page.click('text=Copy as Markdown')
    await expect(page.locator('body')).toContainText('# `TypeError`')
    await context.close()
  })

  test('no field of what is sent runs or becomes markup on any page', async ({ chrome }) => {
    test.setTimeout(180_000) // it opens some sixty pages
    const collector = await startCollector()
    const page = await watchedPage(chrome)
    for (const attack of ATTACKS) await postAttack(collector, attack)

    const paths = await crawl(page, collector.url)
    expect(paths.length).toBeGreaterThan(20)
    expect(paths.some(path => path.includes('/events/'))).toBe(true)
    expect(await page.evaluate(() => (globalThis as any).pwned)).toBe(undefined)
    expect(page.reports).toEqual([])

    // The net works: what gets into a page is reported.
    await page.evaluate(attack => document.body.insertAdjacentHTML('beforeend', attack), ATTACKS[0]!)
    await expect.poll(() => page.reports.length).toBeGreaterThan(0)
    await collector.close()
  })
})

const ATTACKS = [
  `"'><img src=x onerror=pwned=1><script>pwned=2</script>`,
  `</script></style></textarea></title><svg onload=pwned=3>`,
  `javascript:pwned=4`,
  `{{constructor.constructor('pwned=5')()}}\${pwned=6}`,
]

/** An event, a session, a metric and a feedback in which every text is the attack. */
async function postAttack(collector: Collector, attack: string) {
  const texts = (...keys: string[]) => Object.fromEntries(keys.map(key => [key, attack]))
  const frame = {
    ...texts('function', 'filename', 'abs_path', 'module', 'context_line'),
    ...{ pre_context: [attack], post_context: [attack], vars: { [attack]: attack }, lineno: 1, in_app: true },
  }
  const exception = (source: string) => ({
    ...texts('type', 'value', 'module'),
    mechanism: {
      ...texts('type', 'description'),
      source,
      handled: false,
      data: { [attack]: attack, url: attack },
    },
    stacktrace: { frames: [frame, { ...frame, in_app: false }, { ...frame, in_app: false }] },
  })
  const event = {
    ...texts('message', 'release', 'dist', 'environment', 'transaction', 'server_name', 'logger', 'platform'),
    event_id: crypto.randomUUID().replaceAll('-', ''),
    timestamp: Date.now() / 1000,
    level: 'warning',
    exception: { values: [exception('cause'), exception(attack)] },
    fingerprint: [attack],
    tags: { [attack.slice(0, 32)]: attack, plan: attack },
    user: { ...texts('id', 'email', 'username'), [attack]: attack },
    request: {
      ...texts('url', 'method', 'query_string'),
      headers: { [attack]: attack, 'User-Agent': attack },
    },
    contexts: {
      [attack]: { [attack]: attack },
      browser: texts('name', 'version'),
      os: texts('name', 'version'),
    },
    extra: { [attack]: [attack, { [attack]: attack }] },
    breadcrumbs: Array.from({ length: 20 }, () => ({
      ...texts('type', 'category', 'message', 'level'),
      data: { [attack]: attack, url: attack },
    })),
    sdk: texts('name', 'version'),
    _meta: { message: { '': { rem: [[attack, 'x']] } } },
  }
  const now = new Date().toISOString()
  const session = { sid: attack, started: now, status: 'crashed', attrs: texts('release', 'environment') }
  const metric = {
    ...{
      timestamp: Date.now() / 1000,
      name: 'browser.web_vital.lcp',
      type: 'distribution',
      unit: 'millisecond',
    },
    ...{ value: 1, attributes: { page: { value: attack, type: 'string' } } },
  }
  const report = { discarded_events: [{ reason: attack, category: attack, quantity: 1 }] }
  const feedback = {
    contexts: { feedback: texts('message', 'contact_email', 'name', 'url') },
    message: attack,
  }
  const items = [
    [{ type: 'session' }, session],
    [{ type: 'trace_metric' }, { version: 2, items: [metric] }],
    [{ type: 'client_report' }, report],
    [{ type: 'feedback' }, feedback],
    [{ type: attack }, {}],
  ].flatMap(item => item.map(line => JSON.stringify(line)))
  await post(collector, event, {}, items)
}

/** A page that keeps what its policy refuses, and every error. */
async function watchedPage(chrome: Browser): Promise<Page & { reports: string[] }> {
  const page = await (await chrome.newContext()).newPage()
  const reports: string[] = []
  page.on('console', message => {
    // A refused search is answered 400, which Chromium calls an error.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load'))
      reports.push(message.text())
  })
  page.on('pageerror', error => reports.push(String(error)))
  page.on('dialog', dialog => reports.push(dialog.message()))
  return Object.assign(page, { reports })
}

const MAX_VARIANTS = 3

/** Opens every page that a link leads to, a few of its searches, and every fold on it; resolves with their paths. */
async function crawl(page: Page, origin: string): Promise<string[]> {
  const found = new Set(['/', '/login', '/nowhere'])
  const variants = new Map<string, number>()
  for (const path of found) {
    // A list sorted and searched in all the ways that it links to is still one page.
    const [bare = ''] = path.split('?')
    variants.set(bare, (variants.get(bare) ?? 0) + 1)
    if ((variants.get(bare) ?? 0) > MAX_VARIANTS) {
      found.delete(path)
      continue
    }
    const response = await page.goto(origin + path)
    if (!response?.headers()['content-type']?.startsWith('text/html')) continue
    await page.evaluate(() => document.querySelectorAll('details').forEach(details => (details.open = true)))
    const hrefs = await page.evaluate(() =>
      [...document.querySelectorAll('[href], [src], [action], [formaction]')].flatMap(element =>
        ['href', 'src', 'action', 'formaction'].flatMap(name => element.getAttribute(name) ?? []),
      ),
    )
    for (const href of hrefs) {
      expect(href, `on ${path}`).toMatch(/^(\/(?!\/)|#|data:image\/svg\+xml,)/)
      if (href.startsWith('/') && !href.startsWith('/assets/')) found.add(href)
    }
  }
  return [...found]
}
