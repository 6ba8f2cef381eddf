import { mkdir, readdir, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createGroupCommit } from '../group-commit.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Store } from '../store.ts'
import { startWorker, type WorkerCaller } from '../worker-call.ts'
import { forgetPerson } from './forget.ts'
import { prune } from './prune.ts'
import type { Transaction } from './writer.ts'

const MAX_QUEUED_BYTES = 64 * 1024 * 1024
/** A third of what the log holds before the writer has to fold it. */
const WRITES_PER_FOLD = 400

/** Methods of the interface that are functions of the reader, and of the writer, under the same names. */
const READS = [
  ...['groups', 'statusCounts', 'group', 'groupEvents', 'trend', 'neighbours', 'event'],
  ...['vitals', 'sessions', 'outcomes', 'arrivals', 'projects', 'keyUsage', 'usedBytes'],
  ...['passwordHash', 'signingKey', 'isLogin', 'findToken', 'tokens'],
  ...['findArtifacts', 'artifactFiles', 'artifacts', 'missingArtifacts', 'unsettledFingerprints'],
  ...['releases', 'release'],
] as const
const CHANGES = [
  ...['setStatus', 'mergeGroups', 'unmergeGroup'],
  ...['createProject', 'updateProject', 'createKey', 'updateKey', 'deleteKey'],
  ...['setPasswordHash', 'addLogin', 'removeLogin', 'addToken', 'removeToken'],
  ...['addArtifact', 'removeArtifact', 'markArtifactsUsed', 'settleFingerprint'],
  ...['addArrivals'],
] as const

export interface SqliteOptions {
  dataDir: string
  log: Log
  metrics?: Metrics
}

export const databaseIn = (dataDir: string): string => join(dataDir, 'ohnoes.db')

/** The embedded store: one file in `dataDir`, written by one thread and read by another, so that neither waits. */
export async function openSqliteStore({ dataDir, log, metrics }: SqliteOptions): Promise<Store> {
  // What is made here is for its owner alone: reports have people's names in them.
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const file = databaseIn(dataDir)
  const writer = startWorker(new URL('./writer.js', import.meta.url), file)
  // The writer makes the schema that the reader's statements need.
  await writer.call('ping')
  const reader = startWorker(new URL('./reader.js', import.meta.url), file)
  const checkpointer = startWorker(new URL('./checkpointer.js', import.meta.url), file)
  const foldLog = everySoMany(WRITES_PER_FOLD, () => checkpointer.call('foldLog'))
  let last: Transaction = { writes: 0, ms: 0 }
  let lastCause: unknown
  let failures = 0
  const queue = createGroupCommit({
    async commit(writes) {
      const transaction = (await writer.call('commit', writes)) as Transaction // what the writer answers
      // The same for all that were in it.
      if (transaction === last) return
      last = transaction
      metrics?.countCommit(last.writes, last.ms / 1000)
      foldLog(last.writes)
      if (failures) log({ level: 'info', message: 'Transactions succeed again.', failures })
      failures = 0
    },
    maxQueuedBytes: MAX_QUEUED_BYTES,
    onFailure(cause) {
      if (cause === lastCause) return
      lastCause = cause
      metrics?.countFailedCommit()
      // A full disk fails all of them, and the log is perhaps on it.
      if (failures++) return
      log({
        level: 'error',
        message: 'A transaction failed: until one succeeds, requests are answered 503.',
        cause,
      })
    },
  })
  const { usedBytes, ...reads } = callersOf(reader, READS)
  const { sweep } = callersOf(writer, ['sweep'] as const)
  const forgetting = {
    ...callersOf(reader, ['findEventsOf'] as const),
    ...callersOf(writer, [
      'deleteRows',
      'deleteEventsOfSessions',
      'deleteTraces',
      'overwriteDeleted',
    ] as const),
  }

  return {
    ...reads,
    ...callersOf(writer, CHANGES),
    write: queue.write,
    count: queue.count,
    usedBytes,
    prune: request => prune({ sweep, usedBytes }, request),
    forget: person => forgetPerson(forgetting, person),
    async condition() {
      const { bavail, bsize } = await statfs(dataDir)
      return {
        databaseBytes: await sizeOf(file),
        freeBytes: bavail * bsize,
        queuedBytes: queue.queuedBytes(),
        commitMs: last.ms,
      }
    },
    isHealthy: () =>
      Promise.all([writer.call('ping'), reader.call('ping')]).then(
        () => true,
        () => false,
      ),
    async close() {
      await queue.drain()
      await checkpointer.close()
      await reader.close()
      await writer.close() // last: the last connection to close folds the log into the file
    },
  }
}

/** Counts up to that number and calls, unless the last call is still under way. */
function everySoMany(number: number, call: () => Promise<unknown>): (count: number) => void {
  let counted = 0
  let isCalling = false
  return count => {
    counted += count
    if (counted < number || isCalling) return
    counted = 0
    isCalling = true
    const over = (): void => void (isCalling = false)
    // On a full disk it fails; the writer meets that, too, and says so.
    call().then(over, over)
  }
}

/** The worker's functions of those names. Their types are those that the interface gives them. */
const callersOf = <Name extends string>(worker: WorkerCaller, names: readonly Name[]) =>
  Object.fromEntries(names.map(name => [name, (...args: unknown[]) => worker.call(name, ...args)])) as Record<
    Name,
    (...args: unknown[]) => Promise<never>
  >

/** With the log and the index of it, which are beside it under names that begin with its own. */
async function sizeOf(file: string): Promise<number> {
  const names = await readdir(dirname(file))
  const sizes = names
    .filter(name => name.startsWith(basename(file)))
    .map(name => stat(join(dirname(file), name)).then(({ size }) => size))
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
