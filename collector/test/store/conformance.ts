import { afterEach, beforeEach } from 'vitest'
import type { Store } from '../../src/store.ts'
import { testAccess } from './access.ts'
import { testArtifacts } from './artifacts.ts'
import { testGroupChanges } from './group-changes.ts'
import { testGroups } from './groups.ts'
import { testProjects } from './projects.ts'
import { testSamples } from './samples.ts'
import { testUpkeep } from './upkeep.ts'
import { testWrites } from './writes.ts'

/** How the suite gets at an implementation. */
export interface StoreSource {
  /** Opens the store on what is there; the first time that is nothing. */
  open(): Promise<Store>
  /** Throws everything away that the store has left. */
  remove(): Promise<void>
}

/** The store under test; another one for each test. */
export interface StoreUnderTest {
  store: Store
  /** Closes the store and opens it again on what is there. */
  reopen(): Promise<void>
}

/** What store.ts promises, asked of an implementation; call it in a test file of its own. */
export function testStore(createSource: () => Promise<StoreSource>): void {
  let source: StoreSource
  const at = {} as StoreUnderTest // filled before each test
  beforeEach(async () => {
    source = await createSource()
    at.store = await source.open()
    at.reopen = async () => {
      await at.store.close()
      at.store = await source.open()
    }
  })
  afterEach(async () => {
    await at.store.close()
    await source.remove()
  })
  for (const testPart of [
    testArtifacts,
    testWrites,
    testGroups,
    testGroupChanges,
    testSamples,
    testProjects,
    testAccess,
    testUpkeep,
  ])
    testPart(at)
}
