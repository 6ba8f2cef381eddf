import type { FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import { encodeCursor } from '../cursor.ts'
import { Layout, type Stylesheet } from './layout.tsx'
import { groupPath, groupsPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { Group, Page } from '../group-store.ts'
import { Ago } from './time.tsx'

export const GroupList: FC<{
  project: Project
  groups: Page<Group>
  dsn: string
  isFirst: boolean
  nowMs: number
  stylesheet: Stylesheet
}> = ({ project, groups, dsn, isFirst, nowMs, stylesheet }) => (
  <Layout
    title={project.name}
    stylesheet={stylesheet}
    trail={<span aria-current="page">{project.name}</span>}
    project={project}
    section="errors"
  >
    {groups.rows.length === 0 && isFirst ? (
      <NoGroups dsn={dsn} />
    ) : (
      <>
        <h1>Errors</h1>
        <div class="groups" role="table" aria-label="Groups, the latest first">
          <div class="head" role="row">
            <span role="columnheader">Group</span>
            <span role="columnheader">Events</span>
            <span role="columnheader">Sessions</span>
            <span role="columnheader">First seen</span>
            <span role="columnheader">Last seen</span>
          </div>
          {groups.rows.map(group => (
            <GroupRow group={group} href={groupPath(project, group.id)} nowMs={nowMs} />
          ))}
        </div>
        <nav class="pages" aria-label="Pages">
          {!isFirst && <a href={groupsPath(project)}>Latest</a>}
          {groups.next && <a href={`${groupsPath(project)}?cursor=${encodeCursor(groups.next)}`}>Older</a>}
        </nav>
      </>
    )}
  </Layout>
)

const GroupRow: FC<{ group: Group; href: string; nowMs: number }> = ({ group, href, nowMs }) => (
  <div class="row" role="row">
    <div class="what" role="cell">
      <a href={href}>
        <strong>{group.type}</strong> <span class="value">{group.value || group.title}</span>
      </a>
      {group.culprit && <span class="culprit">{group.culprit}</span>}
    </div>
    <span class="number" role="cell" data-unit={group.events === 1 ? 'event' : 'events'}>
      {countText(group.events)}
    </span>
    <span class="number" role="cell" data-unit={group.sessions === 1 ? 'session' : 'sessions'}>
      {countText(group.sessions)}
    </span>
    <span class="when first" role="cell">
      <Ago ms={group.firstSeenMs} nowMs={nowMs} />
    </span>
    <span class="when" role="cell">
      <Ago ms={group.lastSeenMs} nowMs={nowMs} />
    </span>
  </div>
)

const NoGroups: FC<{ dsn: string }> = ({ dsn }) => (
  <section class="empty">
    <h1>No errors yet</h1>
    <p>This project waits for its first report. Its DSN:</p>
    <pre>{dsn}</pre>
    <p>In a page, before your own scripts, with the bundle on your own server:</p>
    <pre>{`<script src="/ohnoes.js" data-dsn="${dsn}"></script>`}</pre>
    <p>With a bundler:</p>
    <pre>{`import { init } from 'ohnoes'\n\ninit({ dsn: '${dsn}' })`}</pre>
    <p>
      Or keep <code>@sentry/browser</code> and give it this DSN. Then throw something:
    </p>
    <pre>{`setTimeout(() => { throw new Error('oh no') })`}</pre>
  </section>
)
