import { Worker } from 'node:worker_threads'
import type { PackJob, Packed } from './pack-worker.ts'

const TIMEOUT_MS = 60_000
/** A map of 100 MB with its code takes about half of it. */
const MAX_HEAP_MB = 1024

export type Pack = (job: PackJob) => Promise<Packed>

/** Packs maps one after the other, each in a thread that does not outlive it. */
export function createPacker(): Pack {
  let last: Promise<unknown> = Promise.resolve()
  return job => {
    const packed = last.then(() => pack(job))
    last = packed.catch(() => {})
    return packed
  }
}

function pack(job: PackJob): Promise<Packed> {
  const worker = new Worker(new URL('./pack-worker.js', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  })
  return new Promise<Packed>((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve({ ok: false, reason: `reading it took more than ${TIMEOUT_MS / 1000} seconds` })
      void worker.terminate()
    }, TIMEOUT_MS)
    worker.on('message', (packed: Packed) => resolve(packed))
    worker.on('error', error => {
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      if (isMemory) resolve({ ok: false, reason: `reading it takes more than ${MAX_HEAP_MB} MB` })
      else reject(error)
    })
    worker.on('exit', () => {
      clearTimeout(timer)
      reject(new Error('The thread that packs a map ended without an answer.')) // nothing, once it has answered
    })
  })
}
