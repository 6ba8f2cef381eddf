import type { FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import type { GroupStatus } from '../group-status.ts'
import type { GroupSort, ListedGroup, Page } from '../group-store.ts'
import { type Span, SORTS, SPANS } from '../groups-request.ts'
import { groupsPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { Visitor } from './layout.tsx'

export interface GroupListProps {
  project: Project
  /** null where the search cannot be understood; `problem` says why. */
  groups: Page<ListedGroup> | null
  problem?: string
  counts: Record<GroupStatus, number>
  query: string
  sort: GroupSort
  span: Span
  isFirst: boolean
  dsn: string
  loader: string
  nowMs: number
  visitor: Visitor
}

export const StatusTabs: FC<GroupListProps> = ({ project, counts, query, sort, span }) => {
  const tabs: [query: string, title: string, count: number][] = [
    ['is:open', 'Open', counts.unresolved + counts.regressed],
    ['is:regressed', 'Regressed', counts.regressed],
    ['is:resolved', 'Resolved', counts.resolved],
    ['is:muted', 'Muted', counts.muted],
    ['', 'All', Object.values(counts).reduce((sum, count) => sum + count, 0)],
  ]
  return (
    <nav class="tabs" aria-label="Status">
      {tabs.map(([wanted, title, count]) => (
        <a
          href={groupsPath(project, { query: wanted, sort, span })}
          aria-current={query === wanted ? 'page' : undefined}
        >
          {title} <span class="count">{countText(count)}</span>
        </a>
      ))}
    </nav>
  )
}

export const SearchForm: FC<GroupListProps> = ({ project, query, sort, span }) => (
  <form class="search" action={groupsPath(project)} role="search">
    <input
      type="search"
      name="query"
      value={query}
      aria-label="Search"
      placeholder="words, release:shop@2, browser:firefox, events:>100"
      title="Words, and key:value: is, type, value, culprit, release, environment, browser, os, url, level, handled, any tag; events:>100, sessions:<5, first_seen:<24h, last_seen:>7d. A minus turns it around, * stands for anything."
      spellcheck={false}
      autocomplete="off"
      maxlength={400}
    />
    <select name="sort" aria-label="Sorted by">
      {Object.entries(SORTS).map(([value, title]) => (
        <option value={value} selected={value === sort}>
          {title}
        </option>
      ))}
    </select>
    <select name="span" aria-label="Trend over">
      {Object.entries(SPANS).map(([value, { title }]) => (
        <option value={value} selected={value === span}>
          {title}
        </option>
      ))}
    </select>
    <button>Search</button>
  </form>
)
