import type { FC } from 'hono/jsx'
import { facetsOf } from '../facets.ts'
import { headlineOf } from '../headline.ts'
import { isObject, type JsonObject } from '../json.ts'
import { explainPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { ReceivedEvent } from '../received-event.ts'
import { Breadcrumbs } from './breadcrumbs.tsx'
import { ExceptionView } from './exception-view.tsx'
import { KeyValues } from './key-values.tsx'

interface EventBodyProps {
  project: Project
  event: ReceivedEvent
  groupValue: string
  isRaw: boolean
}

/** One event, what is asked first on top: the stack, its causes, what happened before, then all the rest. */
export const EventBody: FC<EventBodyProps> = ({ project, event, groupValue, isRaw }) => {
  const exceptions = (event.exception?.values ?? []).toReversed()
  const { value } = headlineOf(event)
  return (
    <>
      <Facts event={event} isHandled={exceptions[0]?.mechanism?.handled} />
      {value && value !== groupValue && <p class="message">{value}</p>}
      {event.message && event.message !== value && <p class="message">{event.message}</p>}
      {exceptions.map((exception, index) => (
        <ExceptionView
          {...{ exception, isRaw, isRoot: index === 0 }}
          explainedAt={explainPath(project, event.event_id)}
        />
      ))}
      <Breadcrumbs event={event} />
      <Details event={event} />
    </>
  )
}

const Facts: FC<{ event: ReceivedEvent; isHandled: boolean | undefined }> = ({ event, isHandled }) => {
  const { browser, os, url } = facetsOf(event)
  const facts = [event.release, event.environment, browser, os, url].filter(Boolean)
  return (
    <ul class="facts">
      <li class={`badge ${event.level}`}>{event.level}</li>
      {isHandled !== undefined && <li class="badge">{isHandled ? 'handled' : 'unhandled'}</li>}
      {facts.map(fact => (
        <li>{fact}</li>
      ))}
      {event._meta && <li class="dim">parts were cut or corrected (see _meta in the JSON)</li>}
    </ul>
  )
}

const Details: FC<{ event: ReceivedEvent }> = ({ event }) => {
  const { url, ...request } = event.request ?? {}
  const contexts = Object.entries(event.contexts ?? {})
  return (
    <div class="details">
      <Section title="Tags" values={event.tags ?? {}} />
      {/* As text, never as a link: the address is a stranger's claim. */}
      <Section title="Request" values={{ ...(url !== undefined && { URL: url }), ...flattened(request) }} />
      <Section title="User" values={event.user ?? {}} />
      {contexts.map(([name, values]) => (
        <Section title={name} values={isObject(values) ? values : { value: values }} />
      ))}
      <Section title="Extra" values={event.extra ?? {}} />
    </div>
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
