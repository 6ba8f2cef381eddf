import { access, constants, statfs } from 'node:fs/promises'
import { VERSION } from 'ohnoes/protocol'
import { type Command, type CommandContext, UsageError, withStore } from './command-line.ts'
import { type Config, isLoopback } from './config.ts'
import { isUsable } from './project.ts'
import { checkDatabase } from './sqlite/backup.ts'
import { databaseIn } from './sqlite/store.ts'
import type { Store } from './store.ts'

const MIN_NODE = 20
const MIN_FREE_BYTES = 512 * 1024 ** 2
const TIMEOUT_MS = 3000

/** What is well, or what is not and what to do about it. */
type Finding = { ok: true; says: string } | { ok: false; says: string }

const well = (says: string): Finding => ({ ok: true, says })
const ill = (says: string): Finding => ({ ok: false, says })

/** `doctor`: looks at all that has kept a collector from working, and changes nothing. */
export const DOCTOR: Command = {
  usage: 'doctor',
  does: 'looks for what keeps the collector from working, and says what to do',
  async run(_, context) {
    const findings = [
      checkNode(),
      await checkFolder(context.config),
      await checkSpace(context.config),
      await checkFile(context.config),
      ...(await checkStore(context)),
      await checkRunning(context.config),
    ]
    for (const { ok, says } of findings) context.print(`${ok ? 'ok ' : 'BAD'}  ${says}`)
    const bad = findings.filter(({ ok }) => !ok).length
    if (bad) throw new UsageError(`${bad} of ${findings.length} checks failed.`)
  },
}

function checkNode(): Finding {
  const { node } = process.versions
  return Number.parseInt(node, 10) >= MIN_NODE
    ? well(`ohnoes-collector ${VERSION} on Node ${node}`)
    : ill(`Node ${node} is too old: install ${MIN_NODE} or later`)
}

const checkFolder = ({ dataDir }: Config): Promise<Finding> =>
  access(dataDir, constants.R_OK | constants.W_OK).then(
    () => well(`${dataDir} can be written to`),
    (error: Error) =>
      ill(
        `${dataDir} cannot be written to (${error.message}): make it, or set OHNOES_DATA to another folder`,
      ),
  )

async function checkSpace({ dataDir }: Config): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(dataDir)
    const freeBytes = bavail * bsize
    return freeBytes >= MIN_FREE_BYTES
      ? well(`${inMb(freeBytes)} are free on its disk`)
      : ill(`only ${inMb(freeBytes)} are free on its disk: make room, or set OHNOES_MAX_STORE`)
  } catch (error) {
    return ill(`the free space of ${dataDir} is unknown: ${String(error)}`)
  }
}

async function checkFile({ dataDir }: Config): Promise<Finding> {
  const file = databaseIn(dataDir)
  try {
    await access(file)
  } catch {
    return well(`${file} is not there yet: the first start makes it`)
  }
  try {
    checkDatabase(file)
    return well(`${file} is sound`)
  } catch (error) {
    return ill(`${String(error)}: stop the collector and put a backup in its place`)
  }
}

async function checkStore(context: CommandContext): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    await withStore(context, async store => {
      findings.push(await checkProjects(store), await checkPassword(context.config, store))
      const usedBytes = await store.usedBytes()
      findings.push(
        usedBytes <= context.config.maxStoreBytes
          ? well(`the store has ${inMb(usedBytes)}`)
          : ill(
              `the store has ${inMb(usedBytes)}, more than OHNOES_MAX_STORE: it is thinned out while it runs`,
            ),
      )
    })
  } catch (error) {
    findings.push(ill(`the store does not open: ${error instanceof Error ? error.message : String(error)}`))
  }
  return findings
}

async function checkProjects(store: Store): Promise<Finding> {
  const projects = await store.projects()
  const idle = projects.filter(({ keys }) => !keys.some(key => isUsable(key, Date.now())))
  if (!projects.length) return well('there is no project yet: the first start makes one')
  return idle.length
    ? ill(`project ${idle.map(({ id }) => id).join(', ')} has no key that works: ohnoes-collector key create`)
    : well(`${projects.length} projects, each with a key that works`)
}

async function checkPassword(
  { host, publicUrl, password, trustedProxies }: Config,
  store: Store,
): Promise<Finding> {
  const isPublic = !isLoopback(host) || publicUrl !== undefined
  if (password === undefined && (await store.passwordHash()) === null)
    return isPublic
      ? ill('there is no password, and others can reach the dashboard: set OHNOES_PASSWORD')
      : well('there is no password: the dashboard is for this machine only')
  return publicUrl !== undefined && trustedProxies === 0
    ? ill('a proxy stands before it, so all clients seem to be one: set OHNOES_TRUSTED_PROXIES=1')
    : well('the dashboard has a password')
}

async function checkRunning({ host, port }: Config): Promise<Finding> {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/healthz`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    const { ok, version } = (await response.json()) as { ok?: unknown; version?: unknown }
    if (ok !== true) return ill(`what answers at ${url} is not well: look at its log`)
    return version === VERSION
      ? well(`a collector answers at ${url}`)
      : ill(`a collector of version ${String(version)} answers at ${url}: restart it`)
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    const isRefused = cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
    return isRefused
      ? well(`nothing listens at ${host}:${port}: the collector can start there`)
      : ill(`what listens at ${host}:${port} is no collector: set PORT to another`)
  }
}

const inMb = (bytes: number): string => `${Math.round(bytes / 1024 ** 2).toLocaleString('en')} MB`
