// What a spec imports: `test` with a browser tab, page files and a collector, alike in every engine.

import { test as base, type CDPSession } from '@playwright/test'
import { startCollector, type Collector } from './collector.ts'
import { readyEngine } from './engines.mjs'
import { launch } from './launch.mjs'
import { startServer, type PageServer } from './server.ts'

export { expect } from '@playwright/test'

export type Engine = 'chromium' | 'firefox' | 'webkit'

/** Where an engine is on this machine. */
export interface Build {
  /** Playwright's own build, or one that came with the system. */
  source: 'playwright' | 'installed'
  executablePath: string
  version?: string
  /** When the file last changed, as seen when it was last started. */
  changed?: number
  /** WebKitGTK only: its WebDriver and the X server it is shown on. */
  driver?: string
  xvfb?: string
}

/** A running engine. */
export interface Launched {
  newProfile(): Promise<Profile>
  close(): Promise<void>
}

/** Tabs that share cookies and storage with each other and with nobody else. */
export interface Profile {
  version: string
  open(): Promise<Tab>
  close(): Promise<void>
}

export interface Tab {
  engine: Engine
  /** Resolves when the page's load event has fired. */
  goto(url: string): Promise<void>
  /**
   * Runs a function in the page and awaits what it returns. It goes there as source text (an arrow function or a
   * function expression, without outer variables); arguments and result travel as JSON.
   */
  run<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<Awaited<R>>
  /** Repeats `run` until the result is truthy, navigations in between included, and returns it. */
  waitFor<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Promise<NonNullable<Awaited<R>>>
  /** A click by the user: moves the mouse to the first match, and presses it. */
  click(selector: string): Promise<void>
  /** A click, and a text typed by the user. */
  type(selector: string, text: string): Promise<void>
  /** One entry back in the history, out of the back/forward cache where the page could be kept there. */
  back(): Promise<void>
  /** Of Chromium: what its developer tools speak. */
  devtools?(): Promise<CDPSession>
  /** Closes the tab as a user would: the page is hidden and unloaded. */
  close(): Promise<void>
}

interface TestFixtures {
  /** Opens one more tab of the test's own profile. */
  open: () => Promise<Tab>
  tab: Tab
  /** Page files, the built bundle and routes of the test, on two origins. */
  server: PageServer
  /** The real collector; pages of a test that asks for it report to it. */
  collector: Collector
}

interface WorkerFixtures {
  launched: Launched
  startedCollector: Collector
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  launched: [
    async ({}, use, { project }) => {
      const engine = project.name as Engine // playwright.config.ts names its projects after the engines
      const launched = await launch(engine, readyEngine(engine))
      await use(launched)
      await launched.close()
    },
    { scope: 'worker' },
  ],
  startedCollector: [
    async ({}, use) => {
      const collector = await startCollector()
      await use(collector)
      await collector.close()
    },
    { scope: 'worker' },
  ],
  open: async ({ launched }, use) => {
    const profile = await launched.newProfile()
    await use(profile.open)
    await profile.close()
  },
  tab: async ({ open }, use) => use(await open()),
  server: async ({}, use) => {
    const server = await startServer()
    await use(server)
    await server.close()
  },
  collector: async ({ server, startedCollector }, use) => {
    server.dsn = startedCollector.dsn
    await use(startedCollector)
  },
})
