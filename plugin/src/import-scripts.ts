import { posix } from 'node:path'

// Which files of a webpack or Rspack build a worker loads by `importScripts`, and what they are called from there: such a
// file cannot ask for its own address, so that it has to be told.

export interface Chunk {
  files: Iterable<string>
  runtime: string | Iterable<string> | undefined
  hasRuntime(): boolean
  canBeInitial(): boolean
  getEntryOptions(): { chunkLoading?: string | false; publicPath?: unknown } | undefined
}

export interface ChunkedBuild {
  chunks: Iterable<Chunk>
  outputOptions: { chunkLoading?: string | false; publicPath?: unknown }
}

export interface ImportedScript {
  /** From the worker; undefined where it cannot be known. */
  address: string | undefined
  /** Whether pages load it, too, which know its address. */
  isShared: boolean
}

interface Runtime {
  isWorker: boolean
  file: string
  publicPath: unknown
}

/** By the name of the file. */
export function importedScripts({ chunks, outputOptions }: ChunkedBuild): Map<string, ImportedScript> {
  const all = [...chunks]
  const runtimes = new Map<string, Runtime>()
  for (const chunk of all.filter(chunk => chunk.hasRuntime())) {
    const own = chunk.getEntryOptions()
    const runtime = {
      isWorker: (own?.chunkLoading ?? outputOptions.chunkLoading) === 'import-scripts',
      file: [...chunk.files][0] ?? '',
      publicPath: own?.publicPath ?? outputOptions.publicPath,
    }
    for (const name of namesOf(chunk)) runtimes.set(name, runtime)
  }
  const scripts = new Map<string, ImportedScript>()
  for (const chunk of all.filter(chunk => !chunk.hasRuntime())) {
    const loaders = namesOf(chunk).flatMap(name => runtimes.get(name) ?? [])
    const worker = loaders.find(({ isWorker }) => isWorker)
    if (!worker) continue
    const isShared = loaders.some(({ isWorker }) => !isWorker)
    // What a page loads before its entry comes before there is anything to register with.
    const isKnown = !(isShared && chunk.canBeInitial())
    for (const file of chunk.files)
      scripts.set(file, { address: isKnown ? addressOf(file, worker) : undefined, isShared })
  }
  return scripts
}

const namesOf = ({ runtime }: Chunk): string[] =>
  typeof runtime === 'string' ? [runtime] : [...(runtime ?? [])]

function addressOf(file: string, { file: worker, publicPath }: Runtime): string | undefined {
  if (publicPath === 'auto') return posix.relative(posix.dirname(worker), file)
  // One with a hash of the build, or made by a function, is not known yet.
  return typeof publicPath === 'string' && !publicPath.includes('[') ? publicPath + file : undefined
}
