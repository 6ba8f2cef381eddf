import type { Outcome, Write, Written } from './store.ts'

// About what the largest vital takes; a session is smaller.
const ROW_BYTES = 4096

export interface GroupCommitOptions {
  /** One durable transaction; rejects when nothing of it was stored. */
  commit: (writes: Write[]) => Promise<unknown>
  maxQueuedBytes: number
  onFailure: (cause: unknown) => void
}

interface Waiting {
  write: Write
  bytes: number
  resolve: (written: Written) => void
}

export interface CommitState {
  queuedBytes: number
  /** What the last transaction took. */
  commitMs: number
}

export interface GroupCommit {
  write(write: Write): Promise<Written>
  count(project: string, outcomes: Outcome[]): void
  state(): CommitState
  /** Resolves when nothing is queued or under way any more. */
  drain(): Promise<void>
}

/** Lets many writes share one transaction: while one is committed, the next batch gathers. */
export function createGroupCommit({ commit, maxQueuedBytes, onFailure }: GroupCommitOptions): GroupCommit {
  let waiting: Waiting[] = []
  let queuedBytes = 0
  // By project, kind and reason, so that a flood of refused requests takes no more room than one.
  let counts = new Map<string, { project: string; outcome: Outcome }>()
  let commitMs = 0
  let running: Promise<void> | undefined

  const wake = (): void => {
    running ??= commitAll()
  }

  const commitAll = async (): Promise<void> => {
    // Requests that were read in the same turn of the event loop share the first transaction, too.
    await Promise.resolve()
    while (waiting.length || counts.size) {
      const batch = waiting
      const writes = [
        ...batch.map(({ write }) => write),
        ...[...counts.values()].map(({ project, outcome }) => ({ project, events: [], outcomes: [outcome] })),
      ]
      waiting = []
      counts = new Map()
      const startedMs = performance.now()
      const written = await commit(writes).then(
        (): Written => ({ ok: true }),
        (cause: unknown): Written => {
          onFailure(cause)
          return { ok: false, reason: 'failed' }
        },
      )
      commitMs = performance.now() - startedMs
      for (const { bytes, resolve } of batch) {
        queuedBytes -= bytes
        resolve(written)
      }
    }
    // In the same turn as the last look at the queue, so that no write falls between the two.
    running = undefined
  }

  return {
    write(write) {
      const bytes = bytesOf(write)
      if (queuedBytes + bytes > maxQueuedBytes) return Promise.resolve({ ok: false, reason: 'full' })
      queuedBytes += bytes
      return new Promise(resolve => {
        waiting.push({ write, bytes, resolve })
        wake()
      })
    },
    count(project, outcomes) {
      for (const outcome of outcomes) {
        const key = JSON.stringify([project, outcome.kind, outcome.reason])
        const known = counts.get(key)
        if (known) known.outcome.quantity += outcome.quantity
        else counts.set(key, { project, outcome: { ...outcome } })
      }
      wake()
    },
    state: () => ({ queuedBytes, commitMs }),
    async drain() {
      while (running) await running
    },
  }
}

const bytesOf = ({ events, vitals = [], sessions = [], sessionCounts = [] }: Write): number =>
  events.reduce(
    (sum, { payload, stack }) => sum + Buffer.byteLength(payload) + Buffer.byteLength(stack?.frames ?? ''),
    0,
  ) +
  (vitals.length + sessions.length + sessionCounts.length) * ROW_BYTES
