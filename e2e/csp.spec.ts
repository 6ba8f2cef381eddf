// Both script installs on pages that allow little: a nonce for each script, one origin to talk to, Trusted Types.

import { expect, test, type Tab } from './browser.ts'
import type { PageServer } from './server.ts'

declare const ohnoes: typeof import('ohnoes') & { stub?: { queue: unknown[] } }
declare const seen: unknown[]
declare const times: Record<string, number>
declare const late: () => void

const POLICIES = {
  'a nonce': '',
  'a nonce and Trusted Types': "; require-trusted-types-for 'script'; trusted-types ohnoes",
}

for (const [policy, more] of Object.entries(POLICIES))
  for (const install of ['script', 'snippet'])
    test(`the ${install} works on a page that asks for ${policy}`, async ({ tab, server, collector }) => {
      const csp = strict(collector.url) + more
      await tab.goto(server.url(`installs/${install}.html`, { csp, src: bundle(server), integrity: '' }))
      await expectEnforced(tab, csp)
      await tab.waitFor(() => !ohnoes.stub)
      await happenLate(tab)
      expect(await tab.run(() => ohnoes.flush(10_000))).toBe(true)
      const values = (await collector.events(server.release)).map(
        event => event.exception?.values.at(-1).value,
      )
      for (const value of ['early error', 'early rejection', 'late error', 'late rejection'])
        expect(values.filter(other => other === value)).toHaveLength(1)
    })

test('a page whose Trusted Types refuse the policy works as it does without us', async ({
  tab,
  server,
  collector,
}) => {
  const csp = `${strict(collector.url)}; require-trusted-types-for 'script'; trusted-types 'none'`
  await tab.goto(server.url('installs/snippet.html', { csp, src: bundle(server), integrity: '' }))
  const isEnforced = await expectEnforced(tab, csp)
  await tab.waitFor(given => given || !ohnoes.stub, isEnforced)
  await happenLate(tab)
  const withUs = await tab.run(() => seen)
  if (isEnforced) {
    expect(await tab.run(() => ohnoes.stub!.queue)).toEqual([])
    // Calls do nothing and throw nothing; they answer with the stub, so that they can be chained.
    expect(await tab.run(() => typeof ohnoes.captureException(new Error('of no interest')))).toBe('object')
    expect(await collector.events(server.release)).toEqual([])
  }

  await tab.goto(server.url('installs/bare.html'))
  await happenLate(tab)
  const without = await tab.run(() => seen)
  expect(without.length).toBeGreaterThan(0)
  expect(withUs).toEqual(without)
})

function strict(collectorUrl: string): string {
  return `default-src 'none'; script-src 'nonce-{{nonce}}'; connect-src ${collectorUrl}`
}

/** That the engine enforces the policy: a test on a page without one would be green for nothing. */
async function expectEnforced(tab: Tab, csp: string): Promise<boolean> {
  const { ran, isRefused, knows } = await tab.run(() => {
    const page = window as { ran?: boolean; trustedTypes?: unknown }
    let isRefused = false
    try {
      document.head.append(Object.assign(document.createElement('script'), { text: 'window.ran = true' }))
      document.createElement('script').src = '/any.js'
    } catch {
      isRefused = true
    }
    return { ran: !!page.ran, isRefused, knows: !!page.trustedTypes }
  })
  expect(ran).toBe(false)
  const isWanted = csp.includes('trusted-types')
  if (isWanted && !knows) {
    const description = `${tab.engine} has no Trusted Types: only the nonce is tested`
    test.info().annotations.push({ type: 'engine', description })
    console.log(description)
  }
  expect(isRefused).toBe(isWanted && knows)
  return isRefused
}

async function happenLate(tab: Tab): Promise<void> {
  await tab.run(() => late())
  await tab.waitFor(() => times['late rejection'])
}

function bundle(server: PageServer): string {
  return `${server.otherOrigin}/dist/ohnoes.js?header=Access-Control-Allow-Origin:+*`
}
