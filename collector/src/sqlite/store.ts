import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createGroupCommit } from '../group-commit.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store.ts'
import { startWorker } from '../worker-call.ts'

const MAX_QUEUED_BYTES = 64 * 1024 * 1024

/** The embedded store: one file in `dataDir`, written by one thread and read by another, so that neither waits. */
export async function openSqliteStore({ dataDir, log }: { dataDir: string; log: Log }): Promise<Store> {
  await mkdir(dataDir, { recursive: true })
  const file = join(dataDir, 'ohnoes.db')
  const writer = startWorker(new URL('./writer.js', import.meta.url), file)
  // The writer makes the schema that the reader's statements need.
  await writer.call('ping')
  const reader = startWorker(new URL('./reader.js', import.meta.url), file)
  const queue = createGroupCommit({
    commit: writes => writer.call('commit', writes),
    maxQueuedBytes: MAX_QUEUED_BYTES,
    onFailure: cause =>
      log({ level: 'error', message: 'A transaction failed; its requests were answered 503.', cause }),
  })
  // The worker's functions have the signatures of the interface.
  const read = (name: string, ...args: unknown[]): Promise<never> =>
    reader.call(name, ...args) as Promise<never>
  const change = (name: string, ...args: unknown[]): Promise<never> =>
    writer.call(name, ...args) as Promise<never>

  return {
    write: queue.write,
    count: queue.count,
    groups: (...args) => read('groups', ...args),
    statusCounts: (...args) => read('statusCounts', ...args),
    group: (...args) => read('group', ...args),
    groupEvents: (...args) => read('groupEvents', ...args),
    trend: (...args) => read('trend', ...args),
    neighbours: (...args) => read('neighbours', ...args),
    event: (...args) => read('event', ...args),
    setStatus: (...args) => change('setStatus', ...args),
    mergeGroups: (...args) => change('mergeGroups', ...args),
    unmergeGroup: (...args) => change('unmergeGroup', ...args),
    vitals: (...args) => read('vitals', ...args),
    sessions: (...args) => read('sessions', ...args),
    outcomes: (...args) => read('outcomes', ...args),
    projects: () => read('projects'),
    keyUsage: (...args) => read('keyUsage', ...args),
    createProject: (...args) => change('createProject', ...args),
    updateProject: (...args) => change('updateProject', ...args),
    createKey: (...args) => change('createKey', ...args),
    updateKey: (...args) => change('updateKey', ...args),
    deleteKey: (...args) => change('deleteKey', ...args),
    passwordHash: () => read('passwordHash'),
    setPasswordHash: (...args) => change('setPasswordHash', ...args),
    signingKey: () => read('signingKey'),
    addLogin: (...args) => change('addLogin', ...args),
    isLogin: (...args) => read('isLogin', ...args),
    removeLogin: (...args) => change('removeLogin', ...args),
    addToken: (...args) => change('addToken', ...args),
    findToken: (...args) => read('findToken', ...args),
    tokens: () => read('tokens'),
    removeToken: (...args) => change('removeToken', ...args),
    isHealthy: () =>
      Promise.all([writer.call('ping'), reader.call('ping')]).then(
        () => true,
        () => false,
      ),
    async close() {
      await queue.drain()
      await reader.close()
      await writer.close() // last: the last connection to close folds the log into the file
    },
  }
}
