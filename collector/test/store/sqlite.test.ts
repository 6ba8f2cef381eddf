import { openSqliteStore } from '../../dist/sqlite/store.js'
import { newDataDir, removeDataDir } from '../running-collector.ts'
import { testStore } from './conformance.ts'

testStore(async () => {
  const dataDir = await newDataDir()
  return {
    open: () => openSqliteStore({ dataDir, log: () => {} }),
    remove: () => removeDataDir(dataDir),
  }
})
