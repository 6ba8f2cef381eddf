import { type Facet, FACETS } from '../facets.ts'
import type { FacetValue, FacetValues } from '../group-store.ts'
import type { Connection } from './schema.ts'

const MAX_VALUES = 10
const MAX_RELEASES = 50
const MAX_LISTED = 3

// CROSS JOIN is SQLite's word for "in this order": from a group's fingerprints to their facets, never all facets.

/** What the events of groups have in common. */
export function facetReads(db: Connection) {
  const ofGroup = db.prepare(
    `SELECT key, value, sum(facet.events) AS events, min(facet.first_seen_ms) AS firstSeenMs,
       max(facet.last_seen_ms) AS lastSeenMs
     FROM fingerprints AS f
     CROSS JOIN fingerprint_facets AS facet ON facet.project = f.project AND facet.fingerprint = f.id
     WHERE f.project = ? AND f.group_id = ? GROUP BY key, value ORDER BY key, sum(facet.events) DESC, value`,
  )
  // The newest releases and the most frequent browsers.
  const listed = db.prepare(
    `SELECT groupId, key, value FROM (
       SELECT f.group_id AS groupId, key, value, row_number() OVER (PARTITION BY f.group_id, key ORDER BY
         iif(key = 'release', max(facet.last_seen_ms), sum(facet.events)) DESC, value) AS place
       FROM fingerprints AS f
       CROSS JOIN fingerprint_facets AS facet ON facet.project = f.project AND facet.fingerprint = f.id
       WHERE f.project = @project AND f.group_id IN (SELECT value FROM json_each(@ids))
         AND key IN ('release', 'browser') AND value <> ''
       GROUP BY f.group_id, key, value)
     WHERE place <= ${MAX_LISTED} ORDER BY groupId, key, place`,
  )

  return {
    ofGroup(project: string, id: string): FacetValues[] {
      const byKey = new Map<string, FacetValues>()
      for (const { key, ...value } of ofGroup.all(project, id) as (FacetValue & { key: string })[]) {
        const facet = byKey.get(key) ?? { key, values: [], distinct: 0, events: 0, isCut: false }
        byKey.set(key, facet)
        facet.events += value.events
        if (value.value === '') facet.isCut = true
        else if (++facet.distinct <= (key === 'release' ? MAX_RELEASES : MAX_VALUES)) facet.values.push(value)
      }
      return inOrder([...byKey.values()])
    },
    listed(project: string, ids: string[]) {
      const values = new Map<string, string[]>()
      const rows = listed.all({ project, ids: JSON.stringify(ids) }) as {
        groupId: string
        key: string
        value: string
      }[]
      for (const { groupId, key, value } of rows) {
        const place = `${groupId} ${key}`
        values.set(place, [...(values.get(place) ?? []), value])
      }
      return (id: string, key: Facet): string[] => values.get(`${id} ${key}`) ?? []
    },
  }
}

/** Those that every event has first, then the tags by name. */
function inOrder(facets: FacetValues[]): FacetValues[] {
  const placeOf = (key: string): number => {
    const place = (FACETS as readonly string[]).indexOf(key)
    return place < 0 ? FACETS.length : place
  }
  return facets.sort((a, b) => placeOf(a.key) - placeOf(b.key) || (a.key < b.key ? -1 : 1))
}
