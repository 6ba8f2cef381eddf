import type { ReceivedEvent } from './received-event.ts'

/** What an event is called: the captured error's type and value, or `Message` or `Feedback` and its text. */
export function headlineOf({ type, exception, message }: ReceivedEvent): { type: string; value: string } {
  // The captured error is the last; its causes come before it.
  const root = exception?.values.at(-1)
  if (type === 'feedback') return { type: 'Feedback', value: message || '' }
  // Sentry's captureMessage makes an exception without a type, to hold the stack.
  const isMessage = !root || (root.type === '' && root.value === message)
  return { type: isMessage ? 'Message' : root.type || 'Error', value: root?.value || message || '' }
}
