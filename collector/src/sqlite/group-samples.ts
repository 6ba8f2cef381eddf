import { EMPTY_SAMPLE, type Sample } from '../estimate.ts'
import type { GroupSamples } from '../group-store.ts'
import type { Connection } from './schema.ts'

const SUMS = ['draws', 'seen', 'weighted', 'squares', 'variance'] as const
const COLUMNS = `${SUMS.join(', ')}, largest`

/** Adds to the sampled part of what is counted of a group. */
export function groupSampleWrites(db: Connection) {
  const upsert = db.prepare(
    `INSERT INTO group_samples (project, group_id, counted, ${COLUMNS})
     VALUES (@project, @id, @counted, @draws, @seen, @weighted, @squares, @variance, @largest)
     ON CONFLICT (project, group_id, counted) DO UPDATE SET
       ${SUMS.map(sum => `${sum} = ${sum} + excluded.${sum}`).join(', ')}, largest = max(largest, excluded.largest)`,
  )
  return (project: string, id: string, samples: GroupSamples): void => {
    for (const [counted, sample] of Object.entries(samples) as [string, Sample][])
      if (sample.draws || sample.weighted) upsert.run({ ...sample, project, id, counted })
  }
}

/** Sums it up anew, from what sessions have kept of the group's raw fingerprints. */
export function groupSampleTotals(db: Connection): (group: { project: string; id: string }) => void {
  const ofGroup = `FROM fingerprints AS f CROSS JOIN fingerprint_sessions AS s
    ON s.project = f.project AND s.fingerprint = f.id WHERE f.project = @project AND f.group_id = @id`
  const insert = (counted: string, rows: string) =>
    db.prepare(
      `INSERT INTO group_samples (project, group_id, counted, ${COLUMNS})
       SELECT @project, @id, '${counted}', count(*), sum(seen), sum(weighted), sum(weighted * weighted),
         sum(weighted * weighted * (1 - rate)), max(weighted)
       FROM (${rows}) HAVING count(*) > 0`,
    )
  const statements = [
    db.prepare('DELETE FROM group_samples WHERE project = @project AND group_id = @id'),
    insert('events', `SELECT seen, weighted, lowest_rate AS rate ${ofGroup} AND weighted > 0`),
    insert(
      'sessions',
      `SELECT 1 AS seen, 1 / rate AS weighted, rate FROM
         (SELECT max(rate) AS rate ${ofGroup} GROUP BY session HAVING max(rate) < 1)`,
    ),
  ]
  return group => {
    for (const statement of statements) statement.run(group)
  }
}

/** Of several groups, what estimates need; the totals are theirs. */
export function groupSampleReads(db: Connection) {
  const select = db.prepare(
    `SELECT group_id AS id, counted, ${COLUMNS} FROM group_samples
     WHERE project = ? AND group_id IN (SELECT value FROM json_each(?))`,
  )
  return (project: string, ids: string[]) => {
    const rows = select.all(project, JSON.stringify(ids)) as (Omit<Sample, 'certain'> & {
      id: string
      counted: string
    })[]
    return (group: { id: string; events: number; sessions: number }): GroupSamples => {
      const of = (counted: keyof GroupSamples): Sample => {
        const row = rows.find(row => row.id === group.id && row.counted === counted)
        const { draws, seen, weighted, squares, variance, largest } = row ?? EMPTY_SAMPLE
        // Rounded, since the total and its sampled part are sums of fractions, in another order.
        const certain = Math.max(0, Math.round(group[counted] - weighted))
        return { certain, draws, seen, weighted, squares, variance, largest }
      }
      return { events: of('events'), sessions: of('sessions') }
    }
  }
}
