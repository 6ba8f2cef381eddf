// Finds the three engines, or installs them: Playwright's own build, else one of the distribution, else apt. What
// was found is kept in .engines.json, so that only the first run in a checkout pays for the search.

import { chromium, firefox, webkit } from '@playwright/test'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { launch } from './launch.mjs'

/** @import { Build, Engine } from './browser.ts' */

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const MEMORY = fileURLToPath(new URL('../.engines.json', import.meta.url))
const PLAYWRIGHT = require('@playwright/test/package.json').version
const INSTALL_LIMIT_MS = 10 * 60_000

/** @type {Engine[]} */
export const ENGINES = ['chromium', 'firefox', 'webkit']

/** What to look for in PATH, and which Debian packages bring it. */
const DISTRIBUTION = {
  chromium: { names: ['chromium', 'google-chrome-stable', 'google-chrome'], packages: ['chromium'] },
  firefox: { names: ['firefox-esr', 'firefox'], packages: ['firefox-esr'] },
  webkit: { names: ['WebKitWebDriver', 'Xvfb'], packages: ['webkit2gtk-driver', 'xvfb'] },
}

/** The engines of this run: all, or those that OHNOES_ENGINES names. */
export function wantedEngines() {
  const names = (process.env.OHNOES_ENGINES ?? '').split(',').map(name => name.trim())
  const unknown = names.filter(name => name && !ENGINES.includes(/** @type {Engine} */ (name)))
  if (unknown.length)
    throw new Error(`OHNOES_ENGINES names ${unknown.join(', ')}, which is not one of ${ENGINES.join(', ')}`)
  const wanted = ENGINES.filter(engine => names.includes(engine))
  return wanted.length ? wanted : ENGINES
}

/**
 * Finds or installs the given engines; throws one message about all that are missing.
 * @param {Engine[]} engines
 * @param {(line: string) => void} log
 */
export async function setUpEngines(engines = wantedEngines(), log = console.log) {
  const memory = readMemory()
  /** @type {Partial<Record<Engine, Build>>} */
  const builds = {}
  /** @type {Partial<Record<Engine, string[]>>} */
  const failures = {}
  const missing = () => engines.filter(engine => !builds[engine])
  /** @param {(engine: Engine) => Build | undefined} find */
  const tryEach = async find => {
    for (const engine of missing()) {
      const build = find(engine)
      const proven = build && (await prove(engine, build, memory.builds[engine]))
      if (typeof proven === 'object') builds[engine] = proven
      else if (proven) (failures[engine] ??= []).push(proven)
    }
  }

  await tryEach(playwrightBuild)
  if (missing().length && memory.noDownload?.playwright !== PLAYWRIGHT) {
    const reason = await download(missing(), log)
    if (reason) memory.noDownload = { playwright: PLAYWRIGHT, reason }
    await tryEach(playwrightBuild)
  }
  await tryEach(installedBuild)
  const aptFailure = missing().length ? await aptInstall(missing(), log) : undefined
  if (missing().length) await tryEach(installedBuild)

  Object.assign(memory.builds, builds)
  writeFileSync(MEMORY, JSON.stringify(memory, null, 2) + '\n')
  for (const engine of engines) {
    const build = builds[engine]
    if (build) log(`${engine}: ${build.version}, ${build.source}, ${build.executablePath}`)
  }
  if (missing().length) throw new Error(missing().map(explain).join('\n'))
  return builds

  /** @param {Engine} engine */
  function explain(engine) {
    const { names, packages } = DISTRIBUTION[engine]
    const rest = engines.filter(other => other !== engine)
    return [
      `${engine} is missing. Tried:`,
      `  Playwright's own build: ${memory.noDownload?.reason ?? 'not on disk after the download'}`,
      `  installed (${names.join(', ')} in PATH): ${[...new Set(failures[engine])].join('; ') || 'not found'}`,
      `  apt-get install ${packages.join(' ')}: ${aptFailure ?? 'installed, but still not usable'}`,
      `Install it, delete .engines.json if a download should be tried again, or, on a machine that cannot have it,`,
      `run the rest with OHNOES_ENGINES=${rest.join(',') || 'chromium'}`,
    ].join('\n')
  }
}

/**
 * A build that `setUpEngines` found earlier.
 * @param {Engine} engine
 * @returns {Build}
 */
export function readyEngine(engine) {
  const build = readMemory().builds[engine]
  if (!build) throw new Error(`${engine} is not set up: run npm test`)
  return build
}

/** @returns {{ builds: Partial<Record<Engine, Build>>, noDownload?: { playwright: string, reason: string } }} */
function readMemory() {
  try {
    return JSON.parse(readFileSync(MEMORY, 'utf8'))
  } catch {
    return { builds: {} } // the first run, or one that was cut short
  }
}

/**
 * Starts it once, as a file that exists can still lack libraries; a build that started before and has not changed
 * is taken at its word.
 * @param {Engine} engine
 * @param {Build} build
 * @param {Build | undefined} known
 * @returns {Promise<Build | string>} the build with its version, or why it is of no use
 */
async function prove(engine, build, known) {
  const changed = statSync(build.executablePath).mtimeMs
  const isKnown = known?.executablePath === build.executablePath && known.changed === changed
  if (isKnown && known.driver === build.driver) return known
  try {
    const browser = await launch(engine, build)
    try {
      const profile = await browser.newProfile()
      const tab = await profile.open()
      await tab.run(() => document.title)
      await profile.close()
      return { ...build, version: profile.version, changed }
    } finally {
      await browser.close()
    }
  } catch (error) {
    const [line] = String(error).split('\n')
    return `${build.executablePath} does not start: ${line}`
  }
}

/**
 * @param {Engine} engine
 * @returns {Build | undefined}
 */
function playwrightBuild(engine) {
  const executablePath = { chromium, firefox, webkit }[engine].executablePath()
  return existsSync(executablePath) ? { source: 'playwright', executablePath } : undefined
}

/**
 * @param {Engine} engine
 * @returns {Build | undefined}
 */
function installedBuild(engine) {
  const found = DISTRIBUTION[engine].names.map(inPath)
  if (engine !== 'webkit') {
    const executablePath = found.find(path => path)
    return executablePath ? { source: 'installed', executablePath } : undefined
  }
  const [driver, xvfb] = found
  const executablePath = miniBrowser()
  return driver && xvfb && executablePath ? { source: 'installed', executablePath, driver, xvfb } : undefined
}

/** WebKitGTK's test browser: not in PATH, but beside the library's processes. */
function miniBrowser() {
  const libraries = ['/usr/lib', '/usr/libexec', '/usr/lib64']
  if (existsSync('/usr/lib'))
    for (const name of readdirSync('/usr/lib'))
      if (name.endsWith('-linux-gnu')) libraries.push(`/usr/lib/${name}`)
  return libraries
    .flatMap(library => ['webkit2gtk-4.1', 'webkitgtk-6.0'].map(api => join(library, api, 'MiniBrowser')))
    .find(path => existsSync(path))
}

/** @param {string} name */
function inPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(path => existsSync(path))
}

/**
 * @param {Engine[]} engines
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>} why it failed
 */
async function download(engines, log) {
  log(`downloading Playwright's own ${engines.join(', ')}`)
  const cli = join(dirname(require.resolve('@playwright/test/package.json')), 'cli.js')
  // Chromium itself, not the headless shell: it is what users run
  const args = [cli, 'install', '--no-shell', ...engines]
  // Where packets are dropped instead of refused, each of Playwright's five attempts would wait 30 s
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '3000' }
  const failure = await run(process.execPath, args, { env, timeout: INSTALL_LIMIT_MS }).then(
    () => undefined,
    error => firstError(error),
  )
  if (failure) log(`no download: ${failure}`)
  return failure
}

/**
 * @param {Engine[]} engines
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>} why it failed
 */
async function aptInstall(engines, log) {
  const isDebian =
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  if (!isDebian) return 'only tried on Debian'
  if (process.getuid?.() !== 0) return 'only tried as root'
  const packages = engines.flatMap(engine => DISTRIBUTION[engine].packages)
  log(`apt-get install ${packages.join(' ')}`)
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: INSTALL_LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
  }
  try {
    await run('apt-get', ['-qq', 'update'], options)
    await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...packages], options)
    return undefined
  } catch (error) {
    return firstError(error)
  }
}

/** @param {any} error of execFile */
function firstError(error) {
  if (error.killed) return `not done within ${INSTALL_LIMIT_MS / 60_000} minutes`
  const lines = `${error.stderr ?? ''}\n${error.stdout ?? ''}\n${error.message}`.split('\n')
  return (lines.find(line => /^(E|Error): /.test(line)) ?? error.message).trim()
}
