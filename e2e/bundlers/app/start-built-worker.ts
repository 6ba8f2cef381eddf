// For bundlers that do not see the worker themselves: it is an entry of its own.
export const startWorker = (): Worker => new Worker('app/worker.js', { type: 'module' })
