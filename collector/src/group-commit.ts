import type { Outcome, Write, Written } from './store.ts'

// About what the largest vital takes; a session is smaller.
const ROW_BYTES = 4096
/** So many go to the writer at once, rather than wait for the rest of the turn. */
const MAX_TOGETHER = 16

export interface GroupCommitOptions {
  /** Makes them durable, in one transaction with all others that wait by then; rejects when nothing of it was stored. */
  commit: (writes: Write[]) => Promise<unknown>
  maxQueuedBytes: number
  onFailure: (cause: unknown) => void
}

interface Waiting {
  write: Write
  bytes: number
  resolve: (written: Written) => void
}

export interface GroupCommit {
  write(write: Write): Promise<Written>
  count(project: string, outcomes: Outcome[]): void
  queuedBytes(): number
  /** Resolves when nothing is queued or under way any more. */
  drain(): Promise<void>
}

/** Hands writes over as they come, so that the next transaction can begin as soon as the last one is durable. */
export function createGroupCommit({ commit, maxQueuedBytes, onFailure }: GroupCommitOptions): GroupCommit {
  let waiting: Waiting[] = []
  let queuedBytes = 0
  // By project, kind and reason, so that a flood of refused requests takes no more room than one.
  let counts = new Map<string, { project: string; outcome: Outcome }>()
  const underWay = new Set<Promise<void>>()
  let scheduled: NodeJS.Immediate | undefined

  const wake = (): void => {
    if (waiting.length >= MAX_TOGETHER) send()
    // Counts alone wait for what is under way.
    else if (waiting.length || (counts.size && !underWay.size)) scheduled ??= setImmediate(send)
  }

  const send = (): void => {
    clearImmediate(scheduled)
    scheduled = undefined
    const handing = handOver().then(() => {
      underWay.delete(handing)
      wake()
    })
    underWay.add(handing)
  }

  const handOver = async (): Promise<void> => {
    const batch = waiting.map(({ bytes, resolve }) => ({ bytes, resolve }))
    const writes = [
      ...waiting.map(({ write }) => write),
      ...[...counts.values()].map(({ project, outcome }) => ({ project, events: [], outcomes: [outcome] })),
    ]
    waiting = []
    counts = new Map()
    const written = await commit(writes).then(
      (): Written => ({ ok: true }),
      (cause: unknown): Written => {
        onFailure(cause)
        return { ok: false, reason: 'failed' }
      },
    )
    for (const { bytes, resolve } of batch) {
      queuedBytes -= bytes
      resolve(written)
    }
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
    queuedBytes: () => queuedBytes,
    async drain() {
      if (scheduled) send()
      while (underWay.size) await Promise.all(underWay)
    },
  }
}

const bytesOf = ({ events, vitals = [], sessions = [], sessionCounts = [] }: Write): number =>
  events.reduce(
    (sum, { payload, stack }) => sum + Buffer.byteLength(payload) + Buffer.byteLength(stack?.frames ?? ''),
    0,
  ) +
  (vitals.length + sessions.length + sessionCounts.length) * ROW_BYTES
