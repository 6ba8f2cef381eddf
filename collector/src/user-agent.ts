import { isObject } from './json.ts'
import type { ReceivedEvent } from './received-event.ts'

/** The user agent that a report names among the headers of its request; empty where it names none. */
export function userAgentOf({ request }: ReceivedEvent): string {
  const headers = request?.headers
  const pairs: unknown[] = Array.isArray(headers) ? headers : isObject(headers) ? Object.entries(headers) : []
  for (const pair of pairs) {
    const [name, value] = Array.isArray(pair) ? (pair as unknown[]) : []
    if (typeof name === 'string' && name.toLowerCase() === 'user-agent' && typeof value === 'string')
      return value
  }
  return ''
}
