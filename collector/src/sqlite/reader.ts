import { answerCalls } from '../worker-call.ts'
import { accessReads } from './access.ts'
import { arrivalReads } from './arrivals.ts'
import { artifactReads } from './artifacts.ts'
import { forgetReads } from './forget.ts'
import { usedBytes } from './retention.ts'
import { groupEventReads } from './group-events.ts'
import { groupReads } from './groups.ts'
import { outcomeReads } from './outcomes.ts'
import { projectReads } from './projects.ts'
import { openForReading } from './schema.ts'
import { sessionReads } from './sessions.ts'
import { releaseReads } from './releases.ts'
import { settleReads } from './settle.ts'
import { vitalReads } from './vitals.ts'

answerCalls((file: string) => {
  const db = openForReading(file)
  return {
    ...groupReads(db),
    ...groupEventReads(db),
    ...vitalReads(db),
    ...sessionReads(db),
    ...outcomeReads(db),
    ...arrivalReads(db),
    ...projectReads(db),
    ...accessReads(db),
    ...artifactReads(db),
    ...settleReads(db),
    ...releaseReads(db),
    ...forgetReads(db),
    usedBytes: () => usedBytes(db),
    ping: () => true,
    close: () => void db.close(),
  }
})
