import { expect, test } from 'vitest'
import { createGroupCommit } from '../src/group-commit.ts'
import type { Outcome, Write } from '../src/store.ts'

/** A database that commits when the test says so. */
function heldDatabase() {
  const batches: { writes: Write[]; settle: (error?: Error) => void }[] = []
  const commit = (writes: Write[]) =>
    new Promise<void>((resolve, reject) =>
      batches.push({ writes, settle: error => (error ? reject(error) : resolve()) }),
    )
  return { batches, commit }
}

// Only the payload's size counts here.
const aWrite = (payload = 'x'): Write =>
  ({ project: '1', events: [{ payload }], outcomes: [] }) as unknown as Write
const anOutcome = (quantity: number): Outcome => ({ kind: 'invalid', reason: 'empty_body', quantity })
/** Two: what is answered in one may write, and that is handed over in the next. */
const turn = async () => {
  for (let n = 0; n < 2; n++) await new Promise(resolve => setImmediate(resolve))
}

function setUp(maxQueuedBytes = 1000) {
  const failures: unknown[] = []
  const database = heldDatabase()
  const queue = createGroupCommit({
    commit: database.commit,
    maxQueuedBytes,
    onFailure: cause => failures.push(cause),
  })
  return { ...database, queue, failures }
}

test('what arrives in one turn is handed over together, and answered only once it is durable', async () => {
  const { queue, batches } = setUp()
  const answered: string[] = []
  const write = (name: string) => void queue.write(aWrite()).then(({ ok }) => answered.push(`${name} ${ok}`))
  write('a')
  write('b')
  await turn()
  expect(batches.map(({ writes }) => writes.length)).toEqual([2])
  expect(answered).toEqual([])
  batches[0]!.settle()
  await queue.drain()
  expect(answered).toEqual(['a true', 'b true'])
})

test('what arrives during a commit does not wait for its end', async () => {
  const { queue, batches } = setUp()
  const first = queue.write(aWrite())
  await turn()
  const second = queue.write(aWrite())
  await turn()
  expect(batches).toHaveLength(2)
  for (const { settle } of batches) settle()
  expect(await Promise.all([first, second])).toEqual([{ ok: true }, { ok: true }])
})

test('many writes do not wait for the end of the turn', async () => {
  const { queue, batches } = setUp()
  const writes = Array.from({ length: 40 }, () => queue.write(aWrite()))
  const handedOver = batches.reduce((sum, { writes }) => sum + writes.length, 0)
  expect(handedOver).toBeGreaterThan(20)
  await turn()
  expect(batches.flatMap(batch => batch.writes)).toHaveLength(40)
  for (const { settle } of batches) settle()
  expect(await Promise.all(writes)).toEqual(Array(40).fill({ ok: true }))
})

test('a write made by the one who was just answered is not left lying', async () => {
  const { queue, batches } = setUp()
  const second = queue.write(aWrite()).then(() => queue.write(aWrite()))
  await turn()
  batches[0]!.settle()
  await turn()
  expect(batches).toHaveLength(2)
  batches[1]!.settle()
  expect(await second).toEqual({ ok: true })
})

test('past its bytes the queue refuses, and takes again when there is room', async () => {
  const { queue, batches } = setUp(10)
  const first = queue.write(aWrite('x'.repeat(8)))
  expect(await queue.write(aWrite('€'))).toEqual({ ok: false, reason: 'full' })
  await turn()
  batches[0]!.settle()
  expect(await first).toEqual({ ok: true })
  void queue.write(aWrite('€'))
  await turn()
  expect(batches).toHaveLength(2)
})

test('a failed commit is answered as failed, told once, and does not stop the next', async () => {
  const { queue, batches, failures } = setUp()
  const failed = queue.write(aWrite())
  await turn()
  const next = queue.write(aWrite())
  batches[0]!.settle(new Error('disk full'))
  expect(await failed).toEqual({ ok: false, reason: 'failed' })
  await turn()
  batches[1]!.settle()
  expect(await next).toEqual({ ok: true })
  expect(failures).toEqual([new Error('disk full')])
})

test('counts are added up while they wait', async () => {
  const { queue, batches } = setUp()
  queue.count('1', [anOutcome(1)])
  await turn()
  for (let n = 0; n < 100; n++) queue.count('1', [anOutcome(2)])
  batches[0]!.settle()
  await turn()
  expect(batches[1]!.writes).toEqual([{ project: '1', events: [], outcomes: [anOutcome(200)] }])
  batches[1]!.settle()
  await queue.drain()
})
