import { afterEach, expect, test } from 'vitest'
import { startWorker } from '../src/worker-call.ts'

const gate = new Int32Array(new SharedArrayBuffer(4))
const worker = startWorker(new URL('./fixtures/held-worker.mjs', import.meta.url), gate)

afterEach(() => worker.close())

test('calls that wait together are answered by one call, up to the first of another name, in their order', async () => {
  const held = worker.call('hold')
  const answers = [
    worker.call('sum', 1),
    worker.call('sum', 2),
    worker.call('double', 5),
    worker.call('sum', 3),
    worker.call('sum', 4),
  ]
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  await held
  expect(await Promise.all(answers)).toEqual([3, 3, 10, 7, 7])
})
