import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { BuildFacts, OhnoesOptions, Target } from './options.ts'

const compress = promisify(gzip)
const PARALLEL = 4
const ATTEMPTS = 4
const FIRST_DELAY_MS = 500
const BAR_LENGTH = 20

/** A generated file with its map, on the disk. */
export interface StampedFile {
  /** From the folder of the build, as pages see it: `assets/index-B8kd93Za.js`. */
  name: string
  codePath: string
  mapPath: string
  debugId: string
}

export interface UploadOptions extends Pick<OhnoesOptions, 'deleteMaps' | 'dryRun' | 'failOnError'> {
  target: Target
  facts: BuildFacts
  /** Takes a line for people; with `isProgress` it is overwritten by the next one. */
  print: (line: string, isProgress?: boolean) => void
}

interface Loaded extends StampedFile {
  map: Buffer
  mapHash: string
}

/** Uploads what the collector lacks. Throws where that fails and `failOnError` says so, else prints the error. */
export async function upload(files: StampedFile[], options: UploadOptions): Promise<void> {
  const { print, failOnError, deleteMaps, dryRun } = options
  try {
    const loaded = await Promise.all(files.map(load))
    const missing = dryRun ? loaded : await findMissing(loaded, options.target)
    if (dryRun) for (const { name, debugId } of missing) print(`ohnoes: would upload ${name} ${debugId}`)
    else await sendAll(missing, options)
    if (deleteMaps && !dryRun) await Promise.all(files.map(({ mapPath }) => rm(mapPath)))
    if (!dryRun) print(summaryOf(loaded, missing, deleteMaps === true))
  } catch (error) {
    const message = `ohnoes: the source maps were not uploaded: ${error instanceof Error ? error.message : String(error)}`
    if (failOnError) throw new Error(message, { cause: error })
    print(message)
  }
}

async function load(file: StampedFile): Promise<Loaded> {
  const map = await readFile(file.mapPath)
  return { ...file, map, mapHash: createHash('sha256').update(map).digest('hex') }
}

function summaryOf(files: Loaded[], missing: Loaded[], isDeleted: boolean): string {
  const known = files.length - missing.length
  const megabytes = missing.reduce((sum, { map }) => sum + map.byteLength, 0) / 1e6
  return [
    `ohnoes: ${missing.length} source maps uploaded (${megabytes.toFixed(1)} MB)`,
    ...(known ? [`${known} were there already`] : []),
    ...(isDeleted ? ['all deleted from the output'] : []),
  ].join(', ')
}

async function findMissing(files: Loaded[], target: Target): Promise<Loaded[]> {
  if (!files.length) return []
  const response = await request(`${target.url}/missing`, target, () => ({
    body: JSON.stringify({
      artifacts: files.map(({ debugId, mapHash }) => ({ debug_id: debugId, map_hash: mapHash })),
    }),
    headers: { 'content-type': 'application/json' },
  }))
  const { missing } = (await response.json()) as { missing: string[] } // the collector's answer
  return files.filter(({ debugId }) => missing.includes(debugId))
}

async function sendAll(files: Loaded[], { target, facts, print }: UploadOptions): Promise<void> {
  const waiting = [...files]
  let sent = 0
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      await send(file, target, facts)
      print(`ohnoes: uploading source maps ${barOf(++sent, files.length)}`, true)
    }
  }
  if (files.length) print(`ohnoes: uploading ${files.length} source maps to ${new URL(target.url).host}`)
  await Promise.all(Array.from({ length: PARALLEL }, work))
}

function barOf(done: number, of: number): string {
  const filled = Math.round((done / of) * BAR_LENGTH)
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_LENGTH - filled)} ${done}/${of}`
}

async function send(
  { name, codePath, debugId, map }: Loaded,
  target: Target,
  facts: BuildFacts,
): Promise<void> {
  const [zippedMap, zippedCode] = await Promise.all([
    compress(map),
    readFile(codePath).then(code => compress(code)),
  ])
  await request(target.url, target, () => {
    const form = new FormData()
    const { release, dist, commit, bundler } = facts
    const fields = { name, debug_id: debugId, release, dist, commit, bundler, url: `~/${name}` }
    for (const [key, value] of Object.entries(fields)) if (value !== undefined) form.set(key, value)
    form.set('map', new Blob([zippedMap]), 'map')
    form.set('code', new Blob([zippedCode]), 'code')
    return { body: form }
  })
}

/** Posts, again and again after what may pass: no network, a busy collector. */
async function request(url: string, { token }: Target, init: () => RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const { body, headers } = init()
    const response = await fetch(url, {
      method: 'POST',
      ...(body !== undefined && { body }),
      headers: { ...headers, authorization: `Bearer ${token}` },
    }).catch((cause: unknown) => cause)
    if (response instanceof Response && response.ok) return response
    const isPassing = !(response instanceof Response) || response.status >= 500 || response.status === 429
    if (!isPassing || attempt === ATTEMPTS) throw new Error(await reasonOf(url, response))
    await new Promise(resolve => setTimeout(resolve, FIRST_DELAY_MS * 2 ** (attempt - 1)))
  }
}

async function reasonOf(url: string, response: unknown): Promise<string> {
  if (response instanceof Response) {
    const { message } = (await response.json().catch(() => ({}))) as { message?: string } // or no JSON at all
    return `${url} answered ${response.status}${message ? `: ${message}` : ''}`
  }
  const cause = response instanceof Error ? (response.cause ?? response) : response
  return `${url} was not reached (${cause instanceof Error ? cause.message : String(cause)})`
}

/** On a terminal progress is a bar, which gives way to the next line; elsewhere it is not said. */
export function createPrinter(stream: NodeJS.WriteStream): UploadOptions['print'] {
  let isOpen = false
  return (line, isProgress) => {
    if (isProgress && !stream.isTTY) return
    stream.write(`${isOpen ? '\r\u001b[K' : ''}${line}${isProgress ? '' : '\n'}`)
    isOpen = isProgress === true
  }
}
