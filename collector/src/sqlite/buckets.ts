import type { Buckets } from '../group-store.ts'
import type { Connection } from './schema.ts'

const HOUR_MS = 3_600_000

/** Counts over time. */
export function bucketReads(db: Connection) {
  // Numbers are bound as REAL, and 7.0 / 24 is no bucket.
  const select = db.prepare(
    `SELECT f.group_id AS groupId, CAST((hour - @from) / @size AS INTEGER) AS bucket, sum(hours.events) AS events
     FROM fingerprints AS f CROSS JOIN fingerprint_hours AS hours ON hours.project = f.project AND hours.fingerprint = f.id
     WHERE f.project = @project AND f.group_id IN (SELECT value FROM json_each(@ids))
       AND f.last_seen_ms >= @from * ${HOUR_MS} AND hour >= @from AND hour < @from + @size * @count
     GROUP BY f.group_id, bucket`,
  )
  /** For each of several groups its events by bucket. */
  const trends = (project: string, ids: string[], { fromMs, sizeMs, count }: Buckets) => {
    const rows = select.all({
      project,
      ids: JSON.stringify(ids),
      from: Math.floor(fromMs / HOUR_MS),
      size: Math.max(1, Math.floor(sizeMs / HOUR_MS)),
      count,
    }) as { groupId: string; bucket: number; events: number }[]
    const byId = new Map(ids.map(id => [id, Array<number>(count).fill(0)]))
    for (const { groupId, bucket, events } of rows) (byId.get(groupId) ?? [])[bucket] = events
    return (id: string): number[] => byId.get(id) ?? []
  }
  return {
    trends,
    trend: (project: string, id: string, buckets: Buckets) => trends(project, [id], buckets)(id),
  }
}
