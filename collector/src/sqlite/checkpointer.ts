import Database from 'better-sqlite3'
import { answerCalls } from '../worker-call.ts'

// What was committed stands in the log at first, and is copied into the file from time to time, which takes a tenth of a
// second and more. Done in a thread of its own, no transaction waits for it but for the little that came meanwhile.

answerCalls((file: string) => {
  const db = new Database(file)
  return {
    /** Copies what is in the log and nobody reads there any more. */
    foldLog: () => void db.pragma('wal_checkpoint(PASSIVE)'),
    close: () => void db.close(),
  }
})
