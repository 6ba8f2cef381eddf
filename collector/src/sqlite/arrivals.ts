import type { NewEvent } from '../group-store.ts'
import { type ArrivalCounts, type Arrivals, SLOTS, slotOf } from '../sampling-rules.ts'
import type { Connection } from './schema.ts'

const MAX_HOTTEST = 200
/** Collectors whose clocks are that far apart still see each other's. */
const KEPT_SLOTS = 2 * SLOTS

/** Starts a batch, which counts arrivals by fingerprint and slot. */
export function arrivalWrites(db: Connection) {
  const upsert = db.prepare(
    `INSERT INTO arrivals (project, slot, fp, weight) VALUES (@project, @slot, @fp, @weight)
     ON CONFLICT (project, slot, fp) DO UPDATE SET weight = weight + excluded.weight`,
  )
  const remove = db.prepare('DELETE FROM arrivals WHERE project = ? AND slot < ?')
  const latest = new Map<string, number>()
  return () => {
    const rows = new Map<string, { project: string; slot: number; fp: string; weight: number }>()
    return {
      add(project: string, { claim: { fp, rate }, receivedMs }: NewEvent): void {
        if (fp === null) return
        const slot = slotOf(receivedMs)
        const id = `${project}\n${slot}\n${fp}`
        const row = rows.get(id) ?? { project, slot, fp, weight: 0 }
        row.weight += 1 / rate
        rows.set(id, row)
      },
      settle(): void {
        for (const row of rows.values()) {
          upsert.run(row)
          if (row.slot <= (latest.get(row.project) ?? -1)) continue
          latest.set(row.project, row.slot)
          remove.run(row.project, row.slot - KEPT_SLOTS)
        }
      },
    }
  }
}

export function arrivalReads(db: Connection) {
  const sums = `total(weight) FILTER (WHERE slot = @slot) AS current,
    total(weight) FILTER (WHERE slot = @slot - 1) AS previous, total(weight) AS "all"`
  const where = `WHERE project = @project AND slot > @slot - ${SLOTS} AND slot <= @slot`
  const selectHottest = db.prepare(
    `SELECT fp, ${sums} FROM arrivals ${where} GROUP BY fp ORDER BY "all" DESC, fp LIMIT ${MAX_HOTTEST}`,
  )
  const selectTotal = db.prepare(`SELECT ${sums} FROM arrivals ${where}`)
  return {
    arrivals(project: string, nowMs: number): ArrivalCounts {
      const span = { project, slot: slotOf(nowMs) }
      return {
        hottest: selectHottest.all(span) as Arrivals[],
        total: selectTotal.get(span) as ArrivalCounts['total'], // sums have a row, whatever there is
      }
    },
  }
}
