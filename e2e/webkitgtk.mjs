// WebKitGTK from distribution packages: one X display, one WebKitWebDriver, sessions in MiniBrowser. The nearest to
// Safari that a Linux machine can install.

import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { Builder, Capabilities } from 'selenium-webdriver'
import { startChild } from './child.mjs'

const TIMEOUT_MS = 15_000

/**
 * @param {{ executablePath: string, driver: string, xvfb: string }} build
 * @returns {Promise<{ newSession(): Promise<import('selenium-webdriver').WebDriver>, close(): Promise<void> }>}
 */
export async function startWebKitGtk(build) {
  const display = await startDisplay(build.xvfb)
  try {
    let driver = await startDriver(build.driver, display.name)
    return {
      newSession: async () => {
        const session = newSession(driver.url, build.executablePath)
        // Once in some hundred times the browser does not call its driver, which would wait for ever.
        const isThere = await Promise.race([
          session.then(() => true),
          setTimeout(TIMEOUT_MS, false, { ref: false }),
        ])
        if (isThere) return session
        session.catch(() => {})
        await driver.stop()
        driver = await startDriver(build.driver, display.name)
        return newSession(driver.url, build.executablePath)
      },
      close: async () => {
        await driver.stop()
        await display.stop()
      },
    }
  } catch (error) {
    await display.stop()
    throw error
  }
}

/** @param {string} xvfb */
async function startDisplay(xvfb) {
  // -displayfd: the server picks a free display and says which one once it takes connections
  const args = ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x800x24']
  const server = startChild(xvfb, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const number = new Promise(resolve => server.child.stdio[3]?.once('data', data => resolve(String(data))))
  const first = await Promise.race([
    number,
    server.ended.then(how => Promise.reject(new Error(`Xvfb ${how}`))),
  ])
  return { name: `:${String(first).trim()}`, stop: server.stop }
}

/**
 * @param {string} executable
 * @param {string} display
 */
async function startDriver(executable, display, attempts = 3) {
  const port = await freePort()
  const env = {
    ...process.env,
    DISPLAY: display,
    GDK_BACKEND: 'x11',
    // bubblewrap needs user namespaces, which root in a container does not have
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  }
  const driver = startChild(executable, [`--port=${port}`], { stdio: 'ignore', env })
  const url = `http://127.0.0.1:${port}`
  while (driver.isRunning()) {
    const isReady = await fetch(`${url}/status`).then(
      response => response.ok,
      () => false,
    )
    if (isReady && driver.isRunning()) return { url, stop: driver.stop }
    await setTimeout(10)
  }
  // The driver cannot be asked which port it took for 0, so somebody else may have been faster
  if (attempts > 1) return startDriver(executable, display, attempts - 1)
  throw new Error(`WebKitWebDriver ${await driver.ended}`)
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/**
 * @param {string} url
 * @param {string} binary
 */
async function newSession(url, binary) {
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary, args: ['--automation'] },
  })
  const session = await new Builder().usingServer(url).withCapabilities(capabilities).build()
  await session.manage().setTimeouts({ script: TIMEOUT_MS, pageLoad: TIMEOUT_MS })
  return session
}
