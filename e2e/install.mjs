import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const TIMEOUT_MS = 120_000
const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|E(?:SOCKET)?TIMEDOUT|ENOTCACHED/

/**
 * Installs what the package-lock.json of a folder says, unless it is there: much for one test, so that `npm ci` of the
 * workspace leaves it out. Each worker of a run may call this: the install is made aside and moved in as a whole.
 * @param {string} folder with a slash at its end
 * @returns {Promise<string | undefined>} why there is no network to install it from, or nothing when it is installed
 */
export async function install(folder) {
  if (await isInstalled(folder)) return undefined
  const aside = await mkdtemp(join(folder, 'node_modules-'))
  try {
    for (const file of ['package.json', 'package-lock.json']) await cp(folder + file, join(aside, file))
    const args = ['ci', '--prefix', aside, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
    await promisify(execFile)('npm', args, { cwd: aside, timeout: TIMEOUT_MS })
    await rm(`${folder}node_modules`, { recursive: true, force: true })
    await rename(join(aside, 'node_modules'), `${folder}node_modules`)
    return undefined
  } catch (error) {
    if (await isInstalled(folder)) return undefined // by another worker, meanwhile
    const { killed, stderr = '' } = /** @type {{ killed?: boolean, stderr?: string }} */ (error)
    if (killed) return `npm was not done within ${TIMEOUT_MS / 1000} s`
    const reason = NO_NETWORK.exec(stderr)?.[0]
    if (reason) return `npm could not reach its registry: ${reason}`
    throw error
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/**
 * The versions that the lock file asks for, by what npm leaves in the installed folder.
 * @param {string} folder
 */
async function isInstalled(folder) {
  /** @param {string} file */
  const packagesOf = async file => JSON.parse(await readFile(folder + file, 'utf8')).packages
  try {
    const { '': _root, ...wanted } = await packagesOf('package-lock.json')
    const found = await packagesOf('node_modules/.package-lock.json')
    return Object.entries(wanted).every(
      ([path, { version, optional }]) => optional || found[path]?.version === version,
    )
  } catch {
    return false
  }
}
