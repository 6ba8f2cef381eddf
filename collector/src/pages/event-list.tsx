import { encodeCursor } from '../cursor.ts'
import type { EventHead, GroupDetail, Page } from '../group-store.ts'
import { eventPath, groupEventsPath, groupPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { View } from './layout.tsx'
import { At } from './time.tsx'

interface EventListProps {
  project: Project
  group: GroupDetail
  events: Page<EventHead>
  isFirst: boolean
}

/** All stored events of a group, the latest first. */
export const eventListView = ({ project, group, events, isFirst }: EventListProps): View => ({
  title: `Events of ${group.title}`,
  project,
  section: 'errors',
  body: (
    <>
      <p class="back">
        <a href={groupPath(project, group.id)} data-up>
          {group.title}
        </a>
      </p>
      <h1>Events</h1>
      <div class="table events" role="table" aria-label="Events, the latest first">
        <div class="head" role="row">
          <span role="columnheader">When</span>
          <span role="columnheader">Release</span>
          <span role="columnheader">Environment</span>
          <span role="columnheader">Id</span>
        </div>
        {events.rows.map(event => (
          <div class="row" role="row">
            <span role="cell">
              <a href={eventPath(project, event.eventId)} data-row>
                <At ms={event.timestampMs} />
              </a>
            </span>
            <span role="cell">{event.release ?? <span class="dim">none</span>}</span>
            <span role="cell">{event.environment ?? <span class="dim">none</span>}</span>
            <span role="cell">
              <code class="dim">{event.eventId.slice(0, 8)}</code>
            </span>
          </div>
        ))}
      </div>
      <nav class="pages" aria-label="Pages">
        {!isFirst && <a href={groupEventsPath(project, group.id)}>Latest</a>}
        {events.next && (
          <a href={groupEventsPath(project, group.id, { cursor: encodeCursor(events.next) })} rel="next">
            Older
          </a>
        )}
      </nav>
    </>
  ),
})
