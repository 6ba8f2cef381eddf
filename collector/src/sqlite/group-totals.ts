import { groupSampleTotals } from './group-samples.ts'
import type { Connection } from './schema.ts'

/** Sums a group up anew from its raw fingerprints; one that has none keeps what it had. */
export function groupTotals(db: Connection): { run(group: { project: string; id: string }): unknown } {
  const sumSamples = groupSampleTotals(db)
  const sumCounts = db.prepare(
    `UPDATE groups SET events = sums.events, first_seen_ms = sums.first_ms, last_seen_ms = sums.last_ms,
       sessions = sums.lone_events + (SELECT total(weight) FROM (
         SELECT 1 / max(rate) AS weight FROM fingerprint_sessions AS s
         JOIN fingerprints AS f ON f.project = s.project AND f.id = s.fingerprint
         WHERE s.project = @project AND f.group_id = @id GROUP BY session))
     FROM (SELECT sum(events) AS events, sum(lone_events) AS lone_events, min(first_seen_ms) AS first_ms,
             max(last_seen_ms) AS last_ms
           FROM fingerprints WHERE project = @project AND group_id = @id HAVING count(*) > 0) AS sums
     WHERE project = @project AND id = @id`,
  )
  return {
    run(group) {
      sumSamples(group)
      return sumCounts.run(group)
    },
  }
}
