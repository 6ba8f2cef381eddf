import { wantedFiles } from './artifact-keys.ts'
import { facetsOf } from './facets.ts'
import { groupOf } from './group.ts'
import type { NewEvent } from './group-store.ts'
import { rawFingerprintOf, splitStack } from './raw-stack.ts'
import { type Claim, UNSAMPLED } from './sample-claim.ts'
import type { ReceivedEvent } from './received-event.ts'

/** An event as the store takes it: its group, what it is found by, and its frames apart from the rest. */
export function newEventOf(
  event: ReceivedEvent,
  {
    receivedMs,
    session,
    claim = UNSAMPLED,
  }: { receivedMs: number; session: string | null; claim?: Claim | undefined },
): NewEvent {
  const group = groupOf(event)
  const { rest, stack } = splitStack(event)
  return {
    eventId: event.event_id,
    timestampMs: Math.round(event.timestamp * 1000),
    receivedMs,
    release: event.release ?? null,
    environment: event.environment ?? null,
    session,
    claim,
    facets: facetsOf(event),
    payload: JSON.stringify(rest),
    stack,
    fingerprint: rawFingerprintOf(event, group.id, stack),
    group,
    files: wantedFiles(event),
  }
}
