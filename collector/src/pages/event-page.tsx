import type { FC } from 'hono/jsx'
import { Breadcrumbs } from './breadcrumbs.tsx'
import type { ReceivedEvent } from '../received-event.ts'
import { ExceptionView } from './exception-view.tsx'
import { headlineOf } from '../headline.ts'
import { isObject, type JsonObject } from '../json.ts'
import { KeyValues } from './key-values.tsx'
import { Layout, type Stylesheet } from './layout.tsx'
import { groupPath, groupsPath, rawEventPath } from '../paths.ts'
import type { Project } from '../project.ts'
import { At } from './time.tsx'

interface EventPageProps {
  project: Project
  event: ReceivedEvent
  groupId: string
  stylesheet: Stylesheet
}

export const EventPage: FC<EventPageProps> = ({ project, event, groupId, stylesheet }) => {
  const exceptions = (event.exception?.values ?? []).toReversed()
  const [root] = exceptions
  const { type, value } = headlineOf(event)
  return (
    <Layout
      title={`${type}: ${value}`}
      stylesheet={stylesheet}
      trail={
        <>
          <a href={groupsPath(project)}>{project.name}</a>
          <a href={groupPath(project, groupId)}>Group</a>
          <span aria-current="page">Event {event.event_id.slice(0, 8)}</span>
        </>
      }
      project={project}
    >
      <h1 class="error">
        <strong>{type}</strong>
        <span class="value">{value}</span>
      </h1>
      <Summary
        event={event}
        isHandled={root?.mechanism?.handled}
        rawHref={rawEventPath(project, event.event_id)}
      />
      {event.message && event.message !== value && <p>{event.message}</p>}
      {exceptions.map((exception, index) => (
        <ExceptionView exception={exception} isRoot={index === 0} />
      ))}
      <Breadcrumbs event={event} />
      <Details event={event} />
    </Layout>
  )
}

const Summary: FC<{ event: ReceivedEvent; isHandled: boolean | undefined; rawHref: string }> = props => {
  const { event, isHandled, rawHref } = props
  const facts = [event.environment, event.release, event.transaction].filter(Boolean)
  return (
    <p class="summary">
      <span class={`badge ${event.level}`}>{event.level}</span>
      {isHandled !== undefined && <span class="badge">{isHandled ? 'handled' : 'unhandled'}</span>}
      <At ms={event.timestamp * 1000} />
      {facts.map(fact => (
        <span>{fact}</span>
      ))}
      <a href={rawHref}>Raw JSON</a>
      {event._meta && <span class="dim">Parts were cut or corrected: see _meta in the raw JSON.</span>}
    </p>
  )
}

const Details: FC<{ event: ReceivedEvent }> = ({ event }) => {
  const { url, ...request } = event.request ?? {}
  const contexts = Object.entries(event.contexts ?? {})
  return (
    <>
      {Object.keys(event.tags ?? {}).length > 0 && (
        <section>
          <h2>Tags</h2>
          <ul class="chips">
            {Object.entries(event.tags ?? {}).map(([key, value]) => (
              <li>
                <span>{key}</span> {value}
              </li>
            ))}
          </ul>
        </section>
      )}
      {/* As text, never as a link: the address is a stranger's claim. */}
      <Section title="Request" values={{ ...(url !== undefined && { URL: url }), ...flattened(request) }} />
      <Section title="User" values={event.user ?? {}} />
      {contexts.length > 0 && (
        <div class="contexts">
          {contexts.map(([name, values]) => (
            <Section title={name} values={isObject(values) ? values : { value: values }} />
          ))}
        </div>
      )}
      <Section title="Extra" values={event.extra ?? {}} />
    </>
  )
}

const Section: FC<{ title: string; values: JsonObject }> = ({ title, values }) =>
  Object.keys(values).length > 0 ? (
    <section>
      <h2>{title}</h2>
      <KeyValues values={values} />
    </section>
  ) : null

/** `{headers: {a, b}}` as rows of its own, one level deep. */
const flattened = (values: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      isObject(value) ? Object.entries(value) : [[key, value]],
    ),
  )
