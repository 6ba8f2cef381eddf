import { type ArrivalCounts, type Arrivals, SLOTS, slotOf } from '../sampling-rules.ts'
import type { Connection } from './schema.ts'

const MAX_HOTTEST = 200
/** Collectors whose clocks are that far apart still see each other's. */
const KEPT_SLOTS = 2 * SLOTS

export function arrivalWrites(db: Connection) {
  const upsert = db.prepare(
    `INSERT INTO arrivals (project, slot, fp, weight) VALUES (?, ?, ?, ?)
     ON CONFLICT (project, slot, fp) DO UPDATE SET weight = weight + excluded.weight`,
  )
  const remove = db.prepare('DELETE FROM arrivals WHERE project = ? AND slot < ?')
  const add = (project: string, atMs: number, weights: Map<string, number>): void => {
    const slot = slotOf(atMs)
    for (const [fp, weight] of weights) upsert.run(project, slot, fp, weight)
    remove.run(project, slot - KEPT_SLOTS)
  }
  return { addArrivals: db.transaction(add).immediate }
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
