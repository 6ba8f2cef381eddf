// One way to drive every engine: Playwright where it can, WebDriver for WebKitGTK. Plain Node, so that benchmarks
// can use it too.

import { chromium, firefox, webkit } from '@playwright/test'
import { startWebKitGtk } from './webkitgtk.mjs'

/** @import { Build, Engine, Launched, Profile, Tab } from './browser.ts' */

const TIMEOUT_MS = 15_000
const POLL_MS = 20

/**
 * @param {Engine} engine
 * @param {Build} build
 * @returns {Promise<Launched>}
 */
export const launch = (engine, build) =>
  build.driver && build.xvfb
    ? launchWebKitGtk({ executablePath: build.executablePath, driver: build.driver, xvfb: build.xvfb })
    : launchPlaywright(engine, build)

/**
 * @param {Engine} engine
 * @param {Build} build
 * @returns {Promise<Launched>}
 */
async function launchPlaywright(engine, { executablePath, source }) {
  const browser = await {
    // Playwright turns the back/forward cache off, which users have on
    chromium: () => chromium.launch({ executablePath, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    // A distribution's Firefox speaks WebDriver BiDi, Playwright's own build a protocol of its own
    firefox: () =>
      firefox.launch({ executablePath, ...(source === 'installed' && { channel: 'moz-firefox' }) }),
    webkit: () => webkit.launch({ executablePath }),
  }[engine]()
  return {
    close: () => browser.close(),
    newProfile: async () => {
      const context = await browser.newContext()
      context.setDefaultTimeout(TIMEOUT_MS)
      return {
        version: browser.version(),
        open: async () => playwrightTab(engine, await context.newPage()),
        close: () => context.close(),
      }
    },
  }
}

/**
 * @param {Engine} engine
 * @param {import('@playwright/test').Page} page
 * @returns {Tab}
 */
function playwrightTab(engine, page) {
  const tab = tabOf(engine, expression => page.evaluate(expression))
  // Not page.click(): after a return from the back/forward cache it waits for ever for a navigation of Firefox that
  // has ended (Playwright 1.64.1, Firefox 153)
  /** @param {string} selector */
  const click = async selector => {
    const { x, y } = await tab.waitFor(centreOf, selector)
    await page.mouse.click(x, y)
  }
  return {
    ...tab,
    goto: async url => void (await page.goto(url)),
    click,
    type: async (selector, text) => {
      await click(selector)
      await page.keyboard.type(text)
    },
    close: () => page.close(),
    ...(engine === 'chromium' && { devtools: () => page.context().newCDPSession(page) }),
  }
}

/**
 * @param {{ executablePath: string, driver: string, xvfb: string }} build
 * @returns {Promise<Launched>}
 */
async function launchWebKitGtk(build) {
  const webkitGtk = await startWebKitGtk(build)
  return { newProfile: async () => webkitGtkProfile(await webkitGtk.newSession()), close: webkitGtk.close }
}

/**
 * A WebDriver session talks to one window at a time and ends with its last window, so calls are queued and the last
 * window is replaced before it is closed.
 * @param {import('selenium-webdriver').WebDriver} session
 * @returns {Promise<Profile>}
 */
async function webkitGtkProfile(session) {
  const version = (await session.getCapabilities()).getBrowserVersion() ?? 'unknown'
  /** @type {Promise<unknown>} */
  let queue = Promise.resolve()
  /** @type {Set<string>} */
  const windows = new Set()
  /** @type {string | undefined} a window nobody has asked for yet: at first the one that came with the session */
  let spare = await session.getWindowHandle()

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  const inTurn = work => {
    const done = queue.then(work)
    queue = done.catch(() => {})
    return done
  }

  const open = async () => {
    // A window, not a tab: a second tab starts hidden, and hides nothing (WebKitGTK 2.50)
    if (!spare) await session.switchTo().newWindow('window')
    const handle = spare ?? (await session.getWindowHandle())
    spare = undefined
    windows.add(handle)
    return webkitGtkTab(session, work =>
      inTurn(async () => {
        if (!windows.has(handle)) throw new Error('the tab is closed')
        await session.switchTo().window(handle)
        return work(async () => {
          windows.delete(handle)
          if (windows.size === 0) {
            await session.switchTo().newWindow('tab')
            spare = await session.getWindowHandle()
            await session.switchTo().window(handle)
          }
          await session.close()
          await session.switchTo().window(spare ?? /** @type {string} */ ([...windows][0]))
        })
      }),
    )
  }
  return { version, open: () => inTurn(open), close: () => inTurn(() => session.quit()) }
}

/**
 * @param {import('selenium-webdriver').WebDriver} session
 * @param {<T>(work: (closeWindow: () => Promise<void>) => Promise<T>) => Promise<T>} inWindow
 * @returns {Tab}
 */
function webkitGtkTab(session, inWindow) {
  const tab = tabOf('webkit', expression => inWindow(() => session.executeScript(`return ${expression}`)))
  // Not WebElement.click(): the driver finds no element where a page has put `toJSON` on Object.prototype (2.50)
  /** @param {string} selector */
  const click = async selector => {
    const { x, y } = await tab.waitFor(centreOf, selector)
    await inWindow(() =>
      session
        .actions()
        .move({ x: Math.round(x), y: Math.round(y), duration: 0 })
        .click()
        .perform(),
    )
  }
  return {
    ...tab,
    goto: url => inWindow(() => session.get(url)),
    click,
    type: async (selector, text) => {
      await click(selector)
      await inWindow(() => session.actions().sendKeys(text).perform())
    },
    close: () => inWindow(closeWindow => closeWindow()),
  }
}

/**
 * What a tab can do once it can evaluate an expression. All engines evaluate it from outside the page, so that a
 * Content-Security-Policy or Trusted Types do not stop it.
 * @param {Engine} engine
 * @param {(expression: string) => Promise<unknown>} evaluate
 * @returns {Pick<Tab, 'engine' | 'run' | 'waitFor' | 'back'>}
 */
function tabOf(engine, evaluate) {
  /** @type {Tab['run']} */
  const run = async (fn, ...args) => {
    // JSON on both ways: otherwise WebDriver makes null of undefined, and Playwright keeps Dates and NaN. The replacer
    // takes values as they are, whatever `toJSON` methods a page has put on the prototypes.
    const json = await evaluate(
      `(async () => JSON.stringify(await (${fn})(...${JSON.stringify(args)}), function (key) { return this[key] }))()`,
    )
    const result = typeof json === 'string' ? JSON.parse(json) : undefined
    return result
  }

  /** @type {Tab['waitFor']} */
  const waitFor = async (fn, ...args) => {
    const deadline = Date.now() + TIMEOUT_MS
    /** @type {unknown} */
    let failure
    do {
      try {
        const value = await run(fn, ...args)
        if (value)
          return /** @type {any} a truthy value, which no cast of an awaited generic can say */ (value)
        failure = undefined
      } catch (error) {
        failure = error // the page may be on its way to the next one
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS))
    } while (Date.now() < deadline)
    throw new Error(`not so within ${TIMEOUT_MS} ms: ${fn} ${JSON.stringify(args)}`, { cause: failure })
  }

  const place = () => `${performance.timeOrigin} ${location.href}`
  const back = async () => {
    // Not goBack(): it waits for a load event that a page out of the back/forward cache does not have
    const from = await run(place)
    await run(() => history.back())
    await waitFor(
      before => document.readyState === 'complete' && `${performance.timeOrigin} ${location.href}` !== before,
      from,
    )
  }
  return { engine, run, waitFor, back }
}

/** @param {string} selector */
function centreOf(selector) {
  const element = document.querySelector(selector)
  if (!element) return null
  element.scrollIntoView({ block: 'center', inline: 'center' })
  const { x, y, width, height } = element.getBoundingClientRect()
  return { x: x + width / 2, y: y + height / 2 }
}
