import type { FC } from 'hono/jsx'
import { estimateText, intervalText } from '../count-text.ts'
import { estimateOf } from '../estimate.ts'
import { encodeCursor } from '../cursor.ts'
import type { GroupSort, ListedGroup } from '../group-store.ts'
import { type Span, SORTS, SPANS } from '../groups-request.ts'
import { groupPath, groupsPath } from '../paths.ts'
import type { Project } from '../project.ts'
import { type GroupListProps, SearchForm, StatusTabs } from './group-filters.tsx'
import { StatusBadge } from './group-status.tsx'
import { Csrf, type View } from './layout.tsx'
import { Welcome } from './welcome.tsx'
import { Ago } from './time.tsx'
import { Sparkline } from './trend.tsx'

/** What the list shows when nothing is asked for. */
export const DEFAULT_QUERY = 'is:open'

export function groupListView(props: GroupListProps): View {
  const { project, counts } = props
  const isEmpty = Object.values(counts).every(count => count === 0)
  return {
    title: `Errors of ${project.name}`,
    project,
    section: 'errors',
    body: isEmpty ? <Welcome dsn={props.dsn} loader={props.loader} /> : <GroupList {...props} />,
  }
}

const GroupList: FC<GroupListProps> = props => {
  const { project, groups, problem, query, sort, span, isFirst, nowMs, visitor } = props
  const here = { query, sort, span }
  return (
    <>
      <div class="heading">
        <h1>Errors</h1>
        <StatusTabs {...props} />
      </div>
      <SearchForm {...props} />
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {groups?.rows.length ? (
        <form method="post" action={groupsPath(project)} class="list">
          <Csrf visitor={visitor} />
          <input type="hidden" name="query" value={query} />
          <div class="groups" role="table" aria-label="Groups">
            <Head {...props} />
            {groups.rows.map(group => (
              <GroupRow {...{ project, group, span, nowMs }} />
            ))}
          </div>
          <BulkActions />
        </form>
      ) : (
        !problem && <NothingFound {...props} />
      )}
      <nav class="pages" aria-label="Pages">
        {!isFirst && <a href={groupsPath(project, here)}>First page</a>}
        {groups?.next && (
          <a href={groupsPath(project, { ...here, cursor: encodeCursor(groups.next) })} rel="next">
            Next page
          </a>
        )}
      </nav>
    </>
  )
}

const Head: FC<GroupListProps> = ({ project, query, sort, span }) => {
  const sorted = (by: GroupSort) => (
    <span role="columnheader" aria-sort={by === sort ? 'descending' : undefined} class={by}>
      <a href={groupsPath(project, { query, sort: by, span })}>{SORTS[by]}</a>
    </span>
  )
  return (
    <div class="head" role="row">
      <span role="columnheader" class="select">
        <span class="hidden">Select</span>
      </span>
      <span role="columnheader" class="what">
        Error
      </span>
      <span role="columnheader" class="trend">
        Last {SPANS[span].title}
      </span>
      {sorted('events')}
      {sorted('sessions')}
      {sorted('last_seen')}
    </div>
  )
}

const GroupRow: FC<{ project: Project; group: ListedGroup; span: Span; nowMs: number }> = props => {
  const { project, group, span, nowMs } = props
  const { id, type, value, title, culprit, status, samples, releases, browsers } = group
  const events = estimateOf(samples.events)
  const sessions = estimateOf(samples.sessions)
  return (
    <div class={`row ${status}`} role="row">
      <span role="cell" class="select">
        <input type="checkbox" name="id" value={id} aria-label={`Select ${title}`} />
      </span>
      <div class="what" role="cell">
        <a href={groupPath(project, id)} data-row>
          <strong>{type}</strong> <span class="value">{value || (type === title ? '' : title)}</span>
        </a>
        <p class="about">
          <StatusBadge status={status} />
          {culprit && <span class="culprit">{culprit}</span>}
          {releases[0] && <span>{releasesText(releases)}</span>}
          {browsers[0] && <span>{browsersText(browsers)}</span>}
        </p>
      </div>
      <span role="cell" class="trend">
        <Sparkline counts={group.trend} span={SPANS[span].title} />
      </span>
      <span
        class="number events"
        role="cell"
        data-unit={events.estimate === 1 ? 'event' : 'events'}
        title={intervalText(events)}
      >
        {estimateText(events)}
      </span>
      <span
        class="number sessions"
        role="cell"
        data-unit={sessions.estimate === 1 ? 'session' : 'sessions'}
        title={intervalText(sessions)}
      >
        {estimateText(sessions)}
      </span>
      <span class="when" role="cell">
        <Ago ms={group.lastSeenMs} nowMs={nowMs} />
        <span class="first">
          since <Ago ms={group.firstSeenMs} nowMs={nowMs} />
        </span>
      </span>
    </div>
  )
}

/** Newest first. */
const releasesText = ([newest, ...older]: string[]): string =>
  older.length ? `${newest} and earlier` : (newest ?? '')

/** `Chrome 146, Firefox 150`: the versions matter less than that there are several browsers. */
function browsersText(browsers: string[]): string {
  const names = new Set(browsers.map(browser => browser.replace(/ \d+$/, '')))
  return names.size > 1 ? [...names].join(', ') : browsers.join(', ')
}

const BulkActions: FC = () => (
  <div class="bulk" role="group" aria-label="With the selected">
    <span class="dim">Selected:</span>
    <button name="action" value="resolved">
      Resolve
    </button>
    <button name="action" value="muted">
      Mute
    </button>
    <button name="action" value="unresolved">
      Reopen
    </button>
    <button name="action" value="merge">
      Merge
    </button>
  </div>
)

const NothingFound: FC<GroupListProps> = ({ project, query, sort, span }) => (
  <section class="empty">
    <h2>{query === DEFAULT_QUERY ? 'No open errors' : 'Nothing matches'}</h2>
    <p>
      {query === DEFAULT_QUERY
        ? 'All that was reported is resolved or muted. '
        : 'No group has all of that. '}
      <a href={groupsPath(project, { query: '', sort, span })}>Show all</a>
    </p>
  </section>
)
