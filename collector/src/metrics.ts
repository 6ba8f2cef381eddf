import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Project } from './project.ts'
import type { Store } from './store.ts'

/** From a loopback and a fast disk to what is far too slow. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]

export interface Metrics {
  countRequest(status: number, seconds: number): void
  countCommit(writes: number, seconds: number): void
  countFailedCommit(): void
  /** In Prometheus' text format. */
  read(from: { store: Store; projects: readonly Project[] }): Promise<{ text: string; contentType: string }>
}

/** What is worth a graph and an alert, by Prometheus' names. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'ohnoes_envelope_seconds',
    help: 'From the first byte of an envelope to its answer, by status.',
    labelNames: ['status'],
    buckets: SECONDS,
    registers,
  })
  const commits = new Histogram({
    name: 'ohnoes_commit_seconds',
    help: 'How long a transaction took to be durable.',
    buckets: SECONDS,
    registers,
  })
  const batches = new Histogram({
    name: 'ohnoes_commit_writes',
    help: 'How many requests shared a transaction.',
    buckets: BATCH_SIZES,
    registers,
  })
  const failures = new Counter({
    name: 'ohnoes_commit_failures_total',
    help: 'Transactions that failed; their requests were answered 503.',
    registers,
  })
  const outcomes = new Gauge({
    name: 'ohnoes_outcomes_total',
    help: 'What became of reports since the store began, by project, kind and reason.',
    labelNames: ['project', 'kind', 'reason'],
    registers,
  })
  const storeBytes = new Gauge({
    name: 'ohnoes_store_bytes',
    help: 'What the rows take up, without what is free for new ones.',
    registers,
  })

  return {
    countRequest: (status, seconds) => requests.observe({ status }, seconds),
    countCommit(writes, seconds) {
      commits.observe(seconds)
      batches.observe(writes)
    },
    countFailedCommit: () => failures.inc(),
    async read({ store, projects }) {
      storeBytes.set(await store.usedBytes())
      outcomes.reset()
      for (const { id: project } of projects)
        for (const { kind, reason, quantity } of await store.outcomes(project))
          outcomes.set({ project, kind, reason }, quantity)
      return { text: await registry.metrics(), contentType: registry.contentType }
    },
  }
}
