import type { Child, FC } from 'hono/jsx'
import { estimateText, intervalText } from '../count-text.ts'
import { estimateOf, type Sample } from '../estimate.ts'
import type { Buckets, GroupDetail, Neighbours } from '../group-store.ts'
import { type Span, SPANS } from '../groups-request.ts'
import {
  eventMarkdownPath,
  eventPath,
  groupEventsPath,
  groupPath,
  groupsPath,
  rawEventPath,
} from '../paths.ts'
import type { Project } from '../project.ts'
import type { ReceivedEvent } from '../received-event.ts'
import { EventBody } from './event-body.tsx'
import { Facets } from './facet-bars.tsx'
import { Activity, GroupedByFrames, Merged } from './group-facts.tsx'
import { ACTIONS, StatusBadge } from './group-status.tsx'
import { Csrf, type View, type Visitor } from './layout.tsx'
import { Ago, At } from './time.tsx'
import { Chart } from './trend.tsx'

export interface GroupPageProps {
  project: Project
  group: GroupDetail
  /** null where retention has left none. */
  event: ReceivedEvent | null
  neighbours: Neighbours
  /** Whether the address is the group's and not this event's. */
  isLatest: boolean
  trend: number[]
  buckets: Buckets
  span: Span
  nowMs: number
  visitor: Visitor
  /** Whether the frames are shown as they were sent. */
  isRaw: boolean
}

export const groupView = (props: GroupPageProps): View => ({
  title: props.group.title,
  project: props.project,
  section: 'errors',
  scripts: ['uplot.js', 'chart.js'],
  body: <GroupPage {...props} />,
})

const GroupPage: FC<GroupPageProps> = props => {
  const { project, group, event, nowMs, visitor, isRaw } = props
  return (
    <article class="group">
      <GroupHead {...props} />
      <div class="columns">
        <div class="main">
          {event ? (
            <>
              <Navigator {...props} event={event} />
              <EventBody {...{ project, event, isRaw, groupValue: group.value }} />
            </>
          ) : (
            <p class="dim">None of its events is stored any more; the counts stay.</p>
          )}
        </div>
        <aside aria-label="About the group">
          <Facets project={project} facets={group.facets} />
          <GroupedByFrames groupedBy={group.groupedBy} />
          <Merged {...{ project, group, visitor }} />
          <Activity changes={group.changes} nowMs={nowMs} />
        </aside>
      </div>
    </article>
  )
}

const GroupHead: FC<GroupPageProps> = props => {
  const { project, group, event, nowMs } = props
  return (
    <header class="group-head">
      <p class="back">
        <a href={groupsPath(project)} data-up>
          Errors
        </a>
        <StatusBadge status={group.status} />
      </p>
      <div class="heading">
        <div>
          <h1 class="error">
            <strong>{group.type}</strong>
            <span class="value">{group.value || group.title}</span>
          </h1>
          {group.culprit && <p class="culprit">{group.culprit}</p>}
        </div>
        <div class="actions">
          <StatusButtons {...props} />
          {event && (
            <a class="button" href={eventMarkdownPath(project, event.event_id)} data-markdown>
              Copy as Markdown
            </a>
          )}
        </div>
      </div>
      <div class="overview">
        <dl class="figures">
          <Figure name="Events">
            <Estimated sample={group.samples.events} />
          </Figure>
          <Figure name="Sessions">
            <Estimated sample={group.samples.sessions} />
          </Figure>
          <Figure name="First seen">
            <Ago ms={group.firstSeenMs} nowMs={nowMs} />
          </Figure>
          <Figure name="Last seen">
            <Ago ms={group.lastSeenMs} nowMs={nowMs} />
          </Figure>
        </dl>
        <Trend {...props} />
      </div>
    </header>
  )
}

const Figure: FC<{ name: string; children?: Child }> = ({ name, children }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Estimated: FC<{ sample: Sample }> = ({ sample }) => {
  const estimate = estimateOf(sample)
  return <span title={intervalText(estimate)}>{estimateText(estimate)}</span>
}

const StatusButtons: FC<GroupPageProps> = ({ project, group, visitor }) => (
  <form method="post" action={groupPath(project, group.id)}>
    <Csrf visitor={visitor} />
    {ACTIONS[group.status].map(([status, title, key], index) => (
      <button name="status" value={status} data-key={key} class={index ? '' : 'primary'}>
        {title}
      </button>
    ))}
  </form>
)

const Trend: FC<GroupPageProps> = ({ project, group, event, isLatest, trend, buckets, span }) => {
  const pathFor = (wanted: Span): string =>
    isLatest || !event
      ? groupPath(project, group.id, { span: wanted })
      : eventPath(project, event.event_id, { span: wanted })
  return (
    <div class="over-time">
      <nav class="spans" aria-label="Time of the chart">
        {Object.entries(SPANS).map(([name, { title }]) => (
          <a href={pathFor(name as Span)} aria-current={name === span ? 'true' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <Chart counts={trend} buckets={buckets} span={SPANS[span].title} />
    </div>
  )
}

const Navigator: FC<GroupPageProps & { event: ReceivedEvent }> = ({ project, group, event, neighbours }) => {
  const { first, previous, next, last } = neighbours
  const id = event.event_id
  return (
    <div class="navigator">
      <p>
        <strong>{last === id ? 'Latest event' : first === id ? 'First event' : 'Event'}</strong>{' '}
        <At ms={event.timestamp * 1000} /> <code class="dim">{id.slice(0, 8)}</code>
      </p>
      <nav aria-label="Events of this group">
        <EventLink {...{ project, title: 'First', id: first === id ? null : first }} />
        <EventLink {...{ project, title: 'Previous', id: previous, rel: 'prev' }} />
        <EventLink {...{ project, title: 'Next', id: next, rel: 'next' }} />
        <EventLink {...{ project, title: 'Latest', id: last === id ? null : last }} />
        <a href={groupEventsPath(project, group.id)}>All</a>
        <a href={rawEventPath(project, id)}>JSON</a>
      </nav>
    </div>
  )
}

const EventLink: FC<{ project: Project; title: string; id: string | null; rel?: string }> = props =>
  props.id === null ? (
    <span aria-disabled="true">{props.title}</span>
  ) : (
    <a href={eventPath(props.project, props.id)} rel={props.rel}>
      {props.title}
    </a>
  )
