import { hash } from 'node:crypto'
import { isObject, type JsonObject } from './json.ts'

// What people wrote into a form. Sentry's `feedback` item is an event already; the `user_report` item of older
// SDKs, `{event_id, name, email, comments}`, is made into one.

/** An event that has what was written as its message. */
export function asFeedback(input: JsonObject): JsonObject {
  const feedback = isObject(input.contexts) ? input.contexts.feedback : undefined
  const written = isObject(feedback) ? feedback.message : undefined
  return { level: 'info', ...input, type: 'feedback', message: input.message ?? written }
}

export function feedbackOfUserReport(input: JsonObject): JsonObject {
  const { event_id, name, email, comments } = input
  return asFeedback({
    // Of its own, and the same when it is sent again.
    event_id: hash('sha256', JSON.stringify(input)).slice(0, 32),
    contexts: {
      feedback: { message: comments, name, contact_email: email, associated_event_id: event_id },
    },
  })
}
