import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'
import { partsOf } from './pack-map.ts'
import { writePackedMap } from './packed-map.ts'
import { MapRefused } from './vlq.ts'

// Packs one map, in a thread of its own: what a hostile one makes of it, time or memory, ends with the thread.

export interface PackJob {
  /** In gzip, as they are stored. */
  map: Uint8Array
  code: Uint8Array | null
  path: string
}

export type Packed = { ok: true; mapHash: string; mapBytes: number } | { ok: false; reason: string }

const MAX_MAP_BYTES = 100 * 1024 * 1024
/** Of larger code there are no names of functions: its tree would not fit. */
const MAX_CODE_BYTES = 16 * 1024 * 1024

const { map, code, path } = workerData as PackJob // what createPacker hands over
parentPort?.postMessage(await pack())

async function pack(): Promise<Packed> {
  try {
    const bytes = inflate(map)
    const unfinished = `${path}.${process.pid}.tmp`
    writePackedMap(unfinished, partsOf(bytes.toString('utf8'), code && codeOf(code)))
    // Only whole files have the name that is looked for.
    await rename(unfinished, path).catch(cause =>
      rm(unfinished, { force: true }).then(() => Promise.reject(cause)),
    )
    return { ok: true, mapHash: createHash('sha256').update(bytes).digest('hex'), mapBytes: bytes.byteLength }
  } catch (error) {
    if (error instanceof MapRefused) return { ok: false, reason: error.message }
    throw error
  }
}

function inflate(gzipped: Uint8Array): Buffer {
  try {
    return gunzipSync(gzipped, { maxOutputLength: MAX_MAP_BYTES })
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw new MapRefused(isTooLarge ? `it is larger than ${MAX_MAP_BYTES} bytes` : 'it is not gzip')
  }
}

function codeOf(gzipped: Uint8Array): string | null {
  try {
    return gunzipSync(gzipped, { maxOutputLength: MAX_CODE_BYTES }).toString('utf8')
  } catch {
    return null // positions can be resolved without it
  }
}
