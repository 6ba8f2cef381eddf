import type { Comparison, Search, SearchTerm } from '../search.ts'

/** A condition on `groups` and the values it is to be bound to. */
export interface Condition {
  sql: string
  values: (string | number)[]
}

const COLUMNS = {
  type: 'type',
  value: 'value',
  culprit: 'culprit',
  events: 'events',
  sessions: 'sessions',
  firstSeenMs: 'first_seen_ms',
  lastSeenMs: 'last_seen_ms',
} as const

// Spelt out, so that no text of a request can become SQL, whatever the types say.
const OPERATORS: Record<Comparison, string> = { '<': '<', '<=': '<=', '>': '>', '>=': '>=', '=': '=' }

/** What a search asks of a group, in SQL; all of its terms have to hold. */
export function conditionsOf(project: string, search: Search): Condition {
  const conditions = search.map(term => {
    const { sql, values } = conditionOf(project, term)
    return { sql: term.isNegated ? `NOT (${sql})` : sql, values }
  })
  return {
    sql: conditions.map(({ sql }) => ` AND (${sql})`).join(''),
    values: conditions.flatMap(({ values }) => values),
  }
}

function conditionOf(project: string, term: SearchTerm): Condition {
  switch (term.kind) {
    case 'text': {
      const sql = ['title', 'value', 'culprit'].map(column => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')
      return { sql, values: Array<string>(3).fill(`%${escaped(term.text)}%`) }
    }
    case 'field':
      return { sql: `${COLUMNS[term.field]} LIKE ? ESCAPE '\\'`, values: [patternOf(term.text)] }
    case 'status':
      return { sql: `status IN (${term.statuses.map(() => '?').join()})`, values: term.statuses }
    case 'number':
      return { sql: `${COLUMNS[term.field]} ${OPERATORS[term.is]} ?`, values: [term.to] }
    case 'facet': {
      const hasWildcard = term.text.includes('*')
      const sql = `id IN (SELECT f.group_id FROM fingerprints AS f
        CROSS JOIN fingerprint_facets AS facet ON facet.project = f.project AND facet.fingerprint = f.id
        WHERE f.project = ? AND facet.key = ? AND facet.value ${hasWildcard ? "LIKE ? ESCAPE '\\'" : '= ?'})`
      return { sql, values: [project, term.key, hasWildcard ? patternOf(term.text) : term.text] }
    }
  }
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&')
const patternOf = (text: string): string => escaped(text).replaceAll('*', '%')
