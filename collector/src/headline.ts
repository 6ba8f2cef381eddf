import type { ReceivedEvent } from './received-event.ts'

/** What an event is called: the captured error's type and value, or `Message` and its text. */
export function headlineOf({ exception, message }: ReceivedEvent): { type: string; value: string } {
  // The captured error is the last; its causes come before it.
  const root = exception?.values.at(-1)
  // Sentry's captureMessage makes an exception without a type, to hold the stack.
  const isMessage = !root || (root.type === '' && root.value === message)
  return { type: isMessage ? 'Message' : root.type || 'Error', value: root?.value || message || '' }
}
