import type { Write } from '../store.ts'
import { answerCalls } from '../worker-call.ts'
import { eventWrites } from './events.ts'
import { groupChanges } from './group-changes.ts'
import { outcomeWrites } from './outcomes.ts'
import { openForWriting } from './schema.ts'
import { sessionWrites } from './sessions.ts'
import { vitalWrites } from './vitals.ts'

answerCalls((file: string) => {
  const db = openForWriting(file)
  const newEventBatch = eventWrites(db)
  const storeVital = vitalWrites(db)
  const storeSession = sessionWrites(db)
  const count = outcomeWrites(db)

  const commit = db.transaction((writes: Write[]) => {
    const batch = newEventBatch()
    for (const { project, events, vitals = [], sessions = [], outcomes } of writes) {
      for (const event of events)
        if (batch.store(project, event)) count(project, { kind: 'stored', reason: '', quantity: 1 })
        else count(project, { kind: 'filtered', reason: 'duplicate', quantity: 1 })
      for (const vital of vitals)
        if (!storeVital(project, vital))
          count(project, { kind: 'filtered', reason: 'metric:duplicate', quantity: 1 })
      for (const session of sessions) storeSession(project, session)
      for (const outcome of outcomes) count(project, outcome)
    }
    batch.settle()
  })

  return {
    ...groupChanges(db),
    commit: (writes: Write[]) => commit.immediate(writes),
    ping: () => true,
    close: () => void db.close(),
  }
})
