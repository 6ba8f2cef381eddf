import type { FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import { encodeCursor } from '../cursor.ts'
import { Layout, type Stylesheet } from './layout.tsx'
import { eventPath, groupPath, groupsPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { EventHead, GroupDetail, Page } from '../group-store.ts'
import { Ago, At } from './time.tsx'

interface GroupPageProps {
  project: Project
  group: GroupDetail
  events: Page<EventHead>
  nowMs: number
  stylesheet: Stylesheet
}

const REASONS: Record<GroupDetail['groupedBy']['reason'], string> = {
  fingerprint: 'the fingerprint the event came with',
  resource: 'the resource that failed',
  chunk_load: 'every failure to load a part of the application',
  hydration: 'every difference between server and browser',
  chain: 'its type, its places in your code and its causes',
  stack: 'its type and its places in your code',
  message: 'its type and message',
}

export const GroupPage: FC<GroupPageProps> = ({ project, group, events, nowMs, stylesheet }) => (
  <Layout
    title={group.title}
    stylesheet={stylesheet}
    trail={
      <>
        <a href={groupsPath(project)}>{project.name}</a>
        <span aria-current="page">Group</span>
      </>
    }
    project={project}
  >
    <h1 class="error">
      <strong>{group.type}</strong>
      <span class="value">{group.value}</span>
    </h1>
    {group.culprit && <p class="culprit">{group.culprit}</p>}
    <dl class="figures">
      <Figure name="Events" value={countText(group.events)} />
      <Figure name="Sessions" value={countText(group.sessions)} />
      <Figure name="First seen" value={<Ago ms={group.firstSeenMs} nowMs={nowMs} />} />
      <Figure name="Last seen" value={<Ago ms={group.lastSeenMs} nowMs={nowMs} />} />
    </dl>
    <section>
      <h2>Events</h2>
      <ol class="events">
        {events.rows.map(event => (
          <li>
            <a href={eventPath(project, event.eventId)}>
              <At ms={event.timestampMs} />
            </a>
            <span class="dim">{[event.release, event.environment].filter(Boolean).join(' · ')}</span>
            <code class="dim id">{event.eventId.slice(0, 8)}</code>
          </li>
        ))}
      </ol>
      <nav class="pages" aria-label="Pages">
        {events.next && (
          <a href={`${groupPath(project, group.id)}?cursor=${encodeCursor(events.next)}`}>Older</a>
        )}
      </nav>
    </section>
    <Spread group={group} />
    <section>
      <h2>Grouped by</h2>
      <p>
        One group, because {REASONS[group.groupedBy.reason]} agree.{' '}
        <span class="dim">({group.groupedBy.algorithm})</span>
      </p>
      <ul class="plain">
        {group.groupedBy.frames.map(frame => (
          <li>
            <code>{frame}</code>
          </li>
        ))}
      </ul>
    </section>
  </Layout>
)

const Figure: FC<{ name: string; value: unknown }> = ({ name, value }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

const Spread: FC<{ group: GroupDetail }> = ({ group }) => (
  <section>
    <h2>Tags</h2>
    <div class="tagged">
      {group.facets.map(({ key, values }) => (
        <div>
          <h3>{key}</h3>
          <ul class="bars">
            {values.map(({ value, events }) => (
              <Bar name={value} count={events} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  </section>
)

const Bar: FC<{ name: string; count: number }> = ({ name, count }) => (
  <li>
    <span>{name || '(empty)'}</span>
    <span class="number">{countText(count)}</span>
  </li>
)
