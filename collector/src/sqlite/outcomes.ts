import type { Outcome } from '../store.ts'
import type { Connection } from './schema.ts'

// Reasons come from clients: past this many of a kind, a new one is counted as `other`.
const MAX_REASONS = 100

/** Starts a batch of one transaction, which adds outcomes up and writes them at its end. */
export function outcomeWrites(db: Connection) {
  const add = db.prepare(
    `INSERT INTO outcomes (project, kind, reason, quantity) VALUES (@project, @kind, @reason, @quantity)
     ON CONFLICT (project, kind, reason) DO UPDATE SET quantity = quantity + excluded.quantity`,
  )
  const countReasons = db
    .prepare('SELECT count(*) FROM outcomes WHERE project = ? AND kind = ? AND reason <> ?')
    .pluck()
  return () => {
    const counts = new Map<string, Outcome & { project: string }>()
    return {
      add(project: string, { kind, reason, quantity }: Outcome): void {
        const id = `${project}\n${kind}\n${reason}`
        const known = counts.get(id)
        if (known) known.quantity += quantity
        else counts.set(id, { project, kind, reason, quantity })
      },
      settle(): void {
        for (const { project, kind, reason, quantity } of counts.values()) {
          const isFull = reason !== '' && Number(countReasons.get(project, kind, reason)) >= MAX_REASONS
          add.run({ project, kind, reason: isFull ? 'other' : reason, quantity })
        }
      },
    }
  }
}

export function outcomeReads(db: Connection) {
  const select = db.prepare(
    'SELECT kind, reason, quantity FROM outcomes WHERE project = ? ORDER BY kind, reason',
  )
  return { outcomes: (project: string) => select.all(project) as Outcome[] }
}
