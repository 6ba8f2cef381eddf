import type { NewVital, VitalSummaries, VitalSummary } from '../store.ts'
import type { Connection } from './schema.ts'

/** Vitals are ranked over the latest this many, so that the question takes no more than a second. */
const MAX_VITALS = 200_000
const MAX_VITAL_ROWS = 500

/** Stores a measurement, or the latest value of it; false when that is there already. */
export type StoreVital = (project: string, vital: NewVital) => boolean

export function vitalWrites(db: Connection): StoreVital {
  // A measurement that went on after it was sent comes again; a second delivery brings no other value.
  const upsert = db.prepare(
    `INSERT INTO vitals (project, id, timestamp_ms, name, page, value, weight, attributes)
     VALUES (@project, @id, @timestampMs, @name, @page, @value, @weight, @attributes)
     ON CONFLICT (project, id) DO UPDATE SET
       timestamp_ms = excluded.timestamp_ms, page = excluded.page, value = excluded.value,
       weight = excluded.weight, attributes = excluded.attributes
     WHERE excluded.timestamp_ms > timestamp_ms AND excluded.value <> value`,
  )
  return (project, vital) =>
    upsert.run({ ...vital, project, attributes: JSON.stringify(vital.attributes) }).changes > 0
}

export function vitalReads(db: Connection) {
  const selectFirst = db
    .prepare('SELECT timestamp_ms FROM vitals WHERE project = ? ORDER BY timestamp_ms DESC LIMIT 1 OFFSET ?')
    .pluck()
  // The billionth is for sums of thirds: three quarters of them are reached, though not to the last digit.
  const select = db.prepare(
    `WITH ranked AS (
       SELECT page, name, value,
         sum(weight) OVER (PARTITION BY page, name ORDER BY value, id) AS below,
         sum(weight) OVER (PARTITION BY page, name) AS weight,
         count(*) OVER (PARTITION BY page, name) AS samples
       FROM vitals WHERE project = ? AND timestamp_ms >= ?)
     SELECT page, name, min(value) AS p75, samples, weight FROM ranked
     WHERE below >= 0.75 * weight * (1 - 1e-9) GROUP BY page, name
     ORDER BY max(weight) OVER (PARTITION BY page) DESC, page, name LIMIT ?`,
  )
  return {
    vitals(project: string, sinceMs: number): VitalSummaries {
      const earliest = selectFirst.get(project, MAX_VITALS) as number | undefined
      // The measurement after the last one we read may share its millisecond with it, so neither is.
      const fromMs = Math.max(sinceMs, (earliest ?? -1) + 1)
      return { rows: select.all(project, fromMs, MAX_VITAL_ROWS) as VitalSummary[], sinceMs: fromMs }
    },
  }
}
