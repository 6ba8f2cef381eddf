import { UNATTRIBUTED } from '../outcome.ts'
import type { Write } from '../store.ts'
import { answerCalls } from '../worker-call.ts'
import { accessWrites } from './access.ts'
import { arrivalWrites } from './arrivals.ts'
import { artifactWrites } from './artifacts.ts'
import { forgetWrites } from './forget.ts'
import { type SweepName, type SweepRequest, sweeps } from './retention.ts'
import { eventWrites } from './events.ts'
import { groupChanges } from './group-changes.ts'
import { outcomeWrites } from './outcomes.ts'
import { projectWrites, usageWrites } from './projects.ts'
import { heldBackWrites } from './held-back.ts'
import { openForWriting } from './schema.ts'
import { sessionWrites } from './sessions.ts'
import { settleWrites } from './settle.ts'
import { vitalWrites } from './vitals.ts'

/** What became durable at once, and how long that took. */
export interface Transaction {
  writes: number
  ms: number
}

answerCalls(openWriter, ['commit'])

function openWriter(file: string) {
  const db = openForWriting(file)
  const newEventBatch = eventWrites(db)
  const storeVital = vitalWrites(db)
  const sessionStore = sessionWrites(db)
  const newCounts = outcomeWrites(db)
  const newUsage = usageWrites(db)
  const addHeldBack = heldBackWrites(db)
  const sweep = sweeps(db)

  const commit = db.transaction((writes: Write[]) => {
    const batch = newEventBatch()
    const usage = newUsage()
    const counts = newCounts()
    for (const { project, key, events, vitals = [], sessions = [], sessionCounts = [], outcomes } of writes) {
      let isRepeated = false
      for (const event of events)
        if (batch.store(project, event)) {
          counts.add(project, { kind: 'stored', reason: '', quantity: 1 })
          if (key) usage.add(project, key, event.receivedMs)
        } else {
          counts.add(project, { kind: 'filtered', reason: 'duplicate', quantity: 1 })
          isRepeated = true
        }
      for (const vital of vitals)
        if (!storeVital(project, vital))
          counts.add(project, { kind: 'filtered', reason: 'metric:duplicate', quantity: 1 })
      for (const session of sessions) sessionStore.update(project, session)
      for (const sessionCount of sessionCounts) sessionStore.add(project, sessionCount)
      for (const outcome of outcomes)
        // What came with the event was dropped once, too.
        if (!isRepeated || outcome.kind !== 'client') counts.add(project, outcome)
    }
    batch.settle()
    // After their events, which may be in the same transaction.
    for (const { project, heldBack = [] } of writes)
      for (const delivery of heldBack) {
        const quantity = addHeldBack(project, delivery)
        if (quantity) counts.add(project, { kind: 'client', reason: UNATTRIBUTED, quantity })
      }
    usage.settle()
    counts.settle()
  })

  return {
    ...groupChanges(db),
    ...projectWrites(db),
    ...accessWrites(db),
    ...artifactWrites(db),
    ...settleWrites(db),
    ...forgetWrites(db),
    ...arrivalWrites(db),
    sweep: (name: SweepName, request: SweepRequest, after: string | number | null) =>
      sweep[name](request, after),
    commit(...calls: [Write[]][]): Transaction {
      const writes = calls.flat(2)
      const startedMs = performance.now()
      commit.immediate(writes)
      return { writes: writes.length, ms: performance.now() - startedMs }
    },
    ping: () => true,
    close: () => void db.close(),
  }
}
