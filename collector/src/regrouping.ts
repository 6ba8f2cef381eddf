import type { UnsettledFingerprint } from './artifact-store.ts'
import { groupOf } from './group.ts'
import type { Log } from './log.ts'
import type { Symbolicator } from './maps/symbolicator.ts'
import { readStored } from './raw-stack.ts'
import type { Store } from './store.ts'

// Events come before their source maps, or after: either way they are stored by what was sent, and this moves them, by
// their raw fingerprint, to the group of the stack that the maps lead to. What is left to do is in the store, so that
// it goes on after a restart, and whichever collector of a fleet gets to it.

/** New events of a build whose maps are there wait that long at most for their own group. */
const INTERVAL_MS = 2000

export interface Regrouping {
  /** Looks for work at once; resolves when there is none. */
  start(): Promise<void>
  close(): Promise<void>
}

export interface RegroupingOptions {
  store: Store
  symbolicator: Symbolicator
  now: () => number
  log: Log
}

export function startRegrouping({ store, symbolicator, now, log }: RegroupingOptions): Regrouping {
  let isClosed = false
  let running: Promise<void> | undefined
  let isAskedAgain = false

  const settle = async ({
    project,
    fingerprint,
    keys,
    event: stored,
  }: UnsettledFingerprint): Promise<void> => {
    const event = stored && readStored(stored)
    // Looked up before the event is resolved: what comes in between is seen the next time.
    const artifacts = await store.findArtifacts(project, keys)
    const seen = Object.fromEntries(Object.entries(artifacts).map(([key, { id }]) => [key, id]))
    const group = event && groupOf(await symbolicator.resolve(project, event))
    await store.settleFingerprint({ project, fingerprint, group, seen, atMs: now() })
  }

  const run = async (): Promise<void> => {
    do {
      isAskedAgain = false
      for (;;) {
        const unsettled = await store.unsettledFingerprints()
        if (!unsettled.length || isClosed) break
        for (const one of unsettled) await settle(one)
      }
    } while (isAskedAgain && !isClosed)
  }
  const start = (): Promise<void> => {
    isAskedAgain = true
    running ??= run()
      .catch(cause => {
        if (!isClosed) log({ level: 'error', message: 'Events could not be moved to their groups.', cause })
      })
      .finally(() => (running = undefined))
    return running
  }
  const timer = setInterval(() => void start(), INTERVAL_MS)
  timer.unref()
  return {
    start,
    async close() {
      isClosed = true
      clearInterval(timer)
      await running
    },
  }
}
