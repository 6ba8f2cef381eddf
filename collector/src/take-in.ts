import type { Envelope, EnvelopeItem } from './envelope.ts'
import { type EventSource, parseEvent, readEventId } from './event.ts'
import { asFeedback, feedbackOfUserReport } from './feedback.ts'
import { readHeldBack } from './held-back.ts'
import { accepted } from './http-error.ts'
import { filterOf } from './inbound-filter.ts'
import { userAgentOf } from './user-agent.ts'
import { cut } from './cut.ts'
import { isObject, type JsonObject } from './json.ts'
import { newEventOf } from './new-event.ts'
import { readMetricItems } from './metric-item.ts'
import { outcomesOfSkipped } from './outcome.ts'
import type { Project, ProjectSettings } from './project.ts'
import type { Verdict } from './sampling.ts'
import type { ReceivedEvent } from './received-event.ts'
import { type Claim, readClaim } from './sample-claim.ts'
import { createScrubber, type Scrubber } from './scrub.ts'
import { hashSession, readSessionCounts, readSessionItems } from './session-item.ts'
import type { NewEvent } from './group-store.ts'
import type { Outcome, Write } from './store.ts'
import { clockDriftS } from './timestamp.ts'

/** Items that become events, and how each is made one. */
const EVENT_TYPES: Record<string, (input: JsonObject) => JsonObject> = {
  event: input => input,
  feedback: asFeedback,
  user_report: feedbackOfUserReport,
}
const MAX_USER_AGENT_LENGTH = 512
const OTHER_TYPES = ['session', 'sessions', 'trace_metric', 'ohnoes_counts']

export interface Delivery {
  envelope: Envelope
  project: Project
  /** Of the DSN it came by. */
  key: string
  /** Whether its events are left out, over a limit or shed; the rest of it is taken even so. */
  isEventless: boolean
  /** Whether it is refused for now: what it says was dropped is counted when it comes again. */
  isRefused: boolean
  /** The largest that its events may count as kept under. */
  maxRate: number
  /** What is to become of other errors of its session. */
  judge: (claim: unknown) => Verdict
  userAgent: string
  receivedMs: number
}

const isEvent = ({ type }: EnvelopeItem): boolean => Object.hasOwn(EVENT_TYPES, type)

export const countEvents = ({ items }: Envelope): number => items.filter(isEvent).length

/** What an envelope leaves behind, and the id to answer; refuses it where something in it cannot be read. */
export function takeIn(delivery: Delivery): { id: string | undefined; write: Write } {
  const { envelope, project, key, isEventless, isRefused, judge, receivedMs } = delivery
  const { header, items, dropped } = envelope
  const scrubber = scrubberOf(project.settings)
  const eventItems = items.filter(isEvent)
  const taken = isEventless ? { events: [], outcomes: [] } : takeEvents(eventItems, delivery, scrubber)
  const clock = { receivedMs, driftS: clockDriftS(header.sent_at, receivedMs) }
  const envelopeId = isObject(header.ohnoes) ? header.ohnoes.id : undefined
  const metrics = readMetricItems(payloadsOf(items, 'trace_metric'), { envelopeId, clock, scrubber })
  const updates = readSessionItems(payloadsOf(items, 'session'), clock)
  const { sessionCounts, ...counted } = readSessionCounts(payloadsOf(items, 'sessions'), {
    sentAt: header.sent_at,
    clock,
  })
  const heldBack = readHeldBack(payloadsOf(items, 'ohnoes_counts'), { receivedMs, judge })
  const skipped = items.filter(
    item =>
      !isEvent(item) && !OTHER_TYPES.includes(item.type) && !(isRefused && item.type === 'client_report'),
  )
  return {
    id: taken.events[0]?.eventId ?? readEventId(header.event_id),
    write: {
      project: project.id,
      key,
      events: taken.events,
      vitals: metrics.vitals,
      sessions: updates.sessions,
      sessionCounts,
      heldBack: heldBack.heldBack,
      outcomes: [
        ...taken.outcomes,
        ...outcomesOfSkipped(skipped, dropped),
        ...metrics.outcomes,
        ...updates.outcomes,
        ...counted.outcomes,
        ...heldBack.outcomes,
      ],
    },
  }
}

function takeEvents(
  items: EnvelopeItem[],
  { envelope: { header }, project, maxRate, userAgent, receivedMs }: Delivery,
  scrubber: Scrubber,
): { events: NewEvent[]; outcomes: Outcome[] } {
  const events: NewEvent[] = []
  const outcomes: Outcome[] = []
  let isFirst = true
  for (const { type, payload } of items) {
    // The header's id is the first event's only: two events under one id would be one.
    const headerOfItem = isFirst && type === 'event' ? header : { ...header, event_id: undefined }
    isFirst = false
    const source: EventSource = { header: headerOfItem, receivedMs, scrubber, adapt: EVENT_TYPES[type] }
    const { event } = accepted(parseEvent(payload, source))
    addUserAgent(event, userAgent)
    const filter = filterOf(event, project.settings.filters)
    if (filter) {
      outcomes.push({ kind: 'filtered', reason: `filter:${filter}`, quantity: 1 })
      continue
    }
    outcomes.push({ kind: 'accepted', reason: '', quantity: 1 })
    const claim = type === 'event' ? claimOf(event, header, maxRate) : undefined
    events.push(newEventOf(event, { receivedMs, session: sessionOf(event, header), claim }))
  }
  return { events, outcomes }
}

/** What an event says it stands for; marked where that cannot be. */
function claimOf(event: ReceivedEvent, { ohnoes }: JsonObject, maxRate: number): Claim {
  const { isCorrected, rate, ...claim } = readClaim(isObject(ohnoes) ? ohnoes.sid : undefined, ohnoes)
  if (isCorrected) event._meta = { ...event._meta, ohnoes: { '': { rem: [['!claim', 's']] } } }
  return { ...claim, rate: claim.fp === null ? 1 : Math.min(rate, maxRate) }
}

/** ohnoes' own session id, else who the user was. */
function sessionOf({ user }: ReceivedEvent, { ohnoes }: JsonObject): string | null {
  const session = isObject(ohnoes) ? ohnoes.sid : undefined
  const id = session ?? user?.id ?? user?.email ?? user?.username
  if (typeof id !== 'string' && typeof id !== 'number') return null
  return hashSession(session === undefined ? 'user' : 'session', id)
}

/** A page's report that does not say which browser it is from was brought by that browser. */
function addUserAgent(event: ReceivedEvent, userAgent: string): void {
  if (event.platform !== 'javascript' || !userAgent || userAgentOf(event)) return
  const { headers } = event.request ?? {}
  event.request = {
    ...event.request,
    headers: { ...(isObject(headers) && headers), 'User-Agent': cut(userAgent, MAX_USER_AGENT_LENGTH) },
  }
}

const payloadsOf = (items: EnvelopeItem[], wanted: string): Uint8Array[] =>
  items.filter(({ type }) => type === wanted).map(({ payload }) => payload)

const scrubbers = new WeakMap<ProjectSettings, Scrubber>()

function scrubberOf(settings: ProjectSettings): Scrubber {
  const scrubber = scrubbers.get(settings) ?? createScrubber(settings.scrubKeys)
  scrubbers.set(settings, scrubber)
  return scrubber
}
