// A visit to a page that has pages/vitals/page.js, in which all that its engine measures happens.

import type { Tab } from './browser.ts'

export type Values = Partial<Record<'TTFB' | 'FCP' | 'LCP' | 'CLS' | 'INP', number>>

declare const ownVitals: () => Values
declare const measurable: string[]
declare const shift: () => void

/** Resolves with what the page's own performance entries say. */
export async function visit(tab: Tab): Promise<Values> {
  await tab.waitFor(() => ownVitals().FCP)
  await tab.run(() => shift())
  await tab.waitFor(() => ownVitals().CLS !== 0)
  await tab.click('#slow')
  await tab.waitFor(() => ownVitals().INP || !measurable.includes('INP'))
  return tab.run(() => ownVitals())
}

/** Resolves once the bundle has brought its vitals, and they have begun: a script has come before it has run. */
export async function vitalsLoaded(tab: Tab, file = 'vitals.js'): Promise<void> {
  await tab.waitFor(
    name => performance.getEntriesByType('resource').some(entry => entry.name.endsWith(name)),
    `/${file}`,
  )
  await secondFrame(tab)
}

/** After a return web-vitals measures as far as the second frame. */
export const secondFrame = (tab: Tab) =>
  tab.run(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  })
