import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifact } from '../artifact-store.ts'
import { createFileFinder, framesOf, keyText, urlOf, type WantedFile } from '../artifact-keys.ts'
import type { ReceivedEvent, ReceivedFrame } from '../received-event.ts'
import type { Store } from '../store.ts'
import type { ResolvedFrame, Symbolication } from '../symbolication.ts'
import { startWorker } from '../worker-call.ts'
import { withVars } from './frame-vars.ts'
import type { LocalsTable } from './locals-table.ts'
import type { Found, LookUp } from './lookup-worker.ts'
import type { PackJob, Packed } from './pack-worker.ts'
import { createPacker } from './packer.ts'

const DAY_MS = 86_400_000
const MAX_CACHE_BYTES = 4 * 1024 ** 3

export interface Symbolicator {
  /** The event with its frames resolved where they can be; each says how, or why not. */
  resolve(project: string, event: ReceivedEvent): Promise<ReceivedEvent>
  /** Packs the files of a content for later, or says why they cannot be read. */
  pack(content: string, files: Pick<PackJob, 'map' | 'code'>): Promise<Packed>
  close(): Promise<void>
}

export interface SymbolicatorOptions {
  store: Pick<Store, 'findArtifacts' | 'artifactFiles' | 'markArtifactsUsed'>
  /** Packed maps are kept in it; what is missing there is made anew from the store. */
  cacheDir: string
  now: () => number
}

/** What is known of a file of the event. */
interface Source {
  file: WantedFile
  artifact: Artifact | undefined
  /** Whether it has no debug id while other files of the event have theirs. */
  isLeftOut: boolean
}

export function createSymbolicator({ store, cacheDir, now }: SymbolicatorOptions): Symbolicator {
  const worker = startWorker(new URL('./lookup-worker.js', import.meta.url), null)
  const runPacker = createPacker()
  const pathOf = (content: string): string => join(cacheDir, `${content}.packed`)
  const lookUp = (path: string, positions: Parameters<LookUp>[1]): Promise<Found[]> =>
    worker.call('lookUp', path, positions) as Promise<Found[]>

  const pack: Symbolicator['pack'] = async (content, { map, code }) => {
    await mkdir(cacheDir, { recursive: true })
    const packed = await runPacker({ map, code, path: pathOf(content) })
    await trimCache(cacheDir)
    return packed
  }

  /** What the artifact's map says of frames that are all in its file. */
  async function find(project: string, { content }: Artifact, frames: ReceivedFrame[]): Promise<Found[]> {
    const positions = frames.map(({ lineno = 1, colno = 1 }) => ({ lineno, colno }))
    const found = await lookUp(pathOf(content), positions)
    if (!found.some(one => !one.ok && one.reason === 'unreadable')) return found
    const files = await store.artifactFiles(project, content)
    if (!files || !(await pack(content, files)).ok) return found
    return lookUp(pathOf(content), positions)
  }

  async function sourcesOf(project: string, event: ReceivedEvent): Promise<Map<string, Source>> {
    const finder = createFileFinder(event)
    const urls = new Set(framesOf(event).map(urlOf))
    const files = [...urls].filter(Boolean).map(finder)
    const artifacts = await store.findArtifacts(project, [...new Set(files.flatMap(({ keys }) => keys))])
    const hasIds = files.some(({ debugId }) => debugId !== undefined)
    return new Map(
      files.map(file => {
        const key = file.keys.find(key => artifacts[key])
        const isLeftOut = hasIds && file.debugId === undefined
        return [file.url, { file, artifact: key === undefined ? undefined : artifacts[key], isLeftOut }]
      }),
    )
  }

  return {
    pack,
    async resolve(project, event) {
      const frames = framesOf(event)
      if (!frames.length) return event
      const sources = await sourcesOf(project, event)
      const found = new Map<ReceivedFrame, Found>()
      const used: string[] = []
      for (const { artifact, file } of sources.values()) {
        if (!artifact || artifact.refused !== null) continue
        const own = frames.filter(frame => urlOf(frame) === file.url && isPlaced(frame))
        const results = await find(project, artifact, own)
        for (const [at, frame] of own.entries()) {
          const result = results[at]
          if (result) found.set(frame, result)
        }
        if (artifact.usedMs < now() - DAY_MS) used.push(artifact.id)
      }
      if (used.length) await store.markArtifactsUsed(project, used, now())
      return mapStacks(event, (stack, records) => {
        const tables = new Map<ResolvedFrame, LocalsTable | undefined>()
        const frames = stack.map((frame, at) => {
          // Frames are oldest first: the one before is the caller.
          const caller = stack[at - 1]
          const own = found.get(frame)
          const done = resolved(frame, sources.get(urlOf(frame)), {
            found: own,
            caller: caller && found.get(caller),
          })
          tables.set(done, own?.ok ? own.locals : undefined)
          return done
        })
        return withVars(frames, records, frame => tables.get(frame))
      })
    },
    close: worker.close,
  }
}

/** Deletes the files that were not used for longest. One that is open stays readable, one that is missed is made anew. */
async function trimCache(cacheDir: string): Promise<void> {
  const names = (await readdir(cacheDir)).filter(name => name.endsWith('.packed'))
  const files = await Promise.all(
    names.map(async name => {
      const { atimeMs, mtimeMs, size } = await stat(join(cacheDir, name))
      return { name, size, usedMs: Math.max(atimeMs, mtimeMs) }
    }),
  )
  let bytes = 0
  for (const { name, size } of files.sort((a, b) => b.usedMs - a.usedMs)) {
    bytes += size
    if (bytes > MAX_CACHE_BYTES) await rm(join(cacheDir, name), { force: true })
  }
}

const isPlaced = ({ lineno, colno }: ReceivedFrame): boolean => lineno !== undefined && colno !== undefined

function mapStacks(
  event: ReceivedEvent,
  change: (frames: ReceivedFrame[], records: unknown) => ReceivedFrame[],
): ReceivedEvent {
  if (!event.exception) return event
  const values = event.exception.values.map(exception => {
    const { stacktrace, ohnoes_locals } = exception
    if (!stacktrace) return exception
    return { ...exception, stacktrace: { ...stacktrace, frames: change(stacktrace.frames, ohnoes_locals) } }
  })
  return { ...event, exception: { ...event.exception, values } }
}

function resolved(
  frame: ReceivedFrame,
  source: Source | undefined,
  { found, caller }: { found: Found | undefined; caller: Found | undefined },
): ResolvedFrame {
  const { filename, lineno, colno, abs_path, function: name, ...others } = frame
  const raw = {
    ...(filename !== undefined && { filename }),
    ...(abs_path !== undefined && { abs_path }),
    ...(lineno !== undefined && { lineno }),
    ...(colno !== undefined && { colno }),
    ...(name !== undefined && { function: name }),
  }
  const lookedFor = source?.file.keys.map(keyText) ?? []
  const known = {
    ...(lookedFor.length > 0 && { looked_for: lookedFor }),
    ...(source?.artifact && { artifact: source.artifact.name, artifact_id: source.artifact.id }),
  }
  if (!found?.ok)
    return { ...frame, raw, symbolication: { status: 'none', ...reasonOf(frame, source, found), ...known } }
  const { context } = found
  // Without the scopes of the file: what the caller calls, which is the only other thing that names it.
  const functionName = found.function === undefined && caller?.ok ? caller.token : found.function
  return {
    ...others,
    filename: found.filename,
    lineno: found.lineno,
    colno: found.colno,
    ...(functionName && { function: functionName }),
    in_app: frame.in_app && !found.isForeign,
    ...(context && { pre_context: context.pre, context_line: context.line, post_context: context.post }),
    raw,
    symbolication: {
      status: 'resolved',
      ...known,
      ...(context ? { context_column: context.column } : { reason: NO_SOURCE, advice: WITH_SOURCES }),
    },
  }
}

const NO_SOURCE = 'the map has no source content'
const BY_ADDRESS = 'upload its map by release and address'
const WITH_SOURCES = 'let the bundler put sourcesContent into its maps'

function reasonOf(
  frame: ReceivedFrame,
  source: Source | undefined,
  found: Found | undefined,
): Pick<Symbolication, 'reason' | 'advice'> {
  if (!source) return { reason: 'the frame has no file', advice: 'nothing: the browser does not say more' }
  const { file, artifact, isLeftOut } = source
  if (!/^[a-z][a-z0-9+.-]*:\/\/|^[/~.]/i.test(file.url))
    return {
      reason: 'the file is none of a build',
      advice: 'nothing: it is code of the browser or made at run time',
    }
  if (!isPlaced(frame))
    return { reason: 'no line and column', advice: 'nothing: the browser does not say more' }
  const what = file.keys[0] === undefined ? '' : keyText(file.keys[0])
  if (!artifact && isLeftOut)
    return {
      reason: `no debug id, which other files of the event have${what && `, and no source map for ${what}`}`,
      advice: `${BY_ADDRESS}, if it is yours: a script that a worker loads by importScripts may be without an id`,
    }
  if (!file.keys.length)
    return {
      reason: 'no debug id and no release',
      advice: 'build with ohnoes-plugin, or run ohnoes-plugin inject on what was built',
    }
  if (!artifact)
    return {
      reason: `no source map for ${what}`,
      advice: 'upload the maps of this build: ohnoes-plugin upload',
    }
  if (artifact.refused !== null)
    return {
      reason: `the source map for ${what} was refused: ${artifact.refused}`,
      advice: 'upload another one',
    }
  if (found && !found.ok && found.reason === 'generated')
    return { reason: 'the bundler made this code: the map leads to no source', advice: 'nothing' }
  if (found && !found.ok && found.reason === 'outside')
    return {
      reason: `the map for ${what} has nothing at ${frame.lineno}:${frame.colno}`,
      advice: 'upload the map of exactly this file: something has changed it after its map was made',
    }
  return { reason: `the stored map for ${what} cannot be read`, advice: 'upload it again' }
}
