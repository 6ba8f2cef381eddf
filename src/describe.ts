import { copy, LOCALS_LENGTH, copyOwn, read, tagOf, textOf } from './copy.ts'
import { debugImages } from './debug-ids.ts'
import { attempt } from './guard.ts'
import { fingerprint } from './hash.ts'
import { wrap } from './patch.ts'
import type { Event, ExceptionValue, Mechanism, StackFrame } from './protocol.ts'
import { withScope } from './scope.ts'
import { parseStack } from './stack.ts'

const MAX_CAUSES = 5

/** The mechanism of what the page reports by a call; everything else went unhandled. */
export const GENERIC = 'generic'

interface LocalsHolder {
  __ohnoes_locals(thrown: unknown): unknown
}

/** Where a cause or member was found. */
type Origin = Pick<Mechanism, 'source' | 'parent_id'>

/** What of the event comes from the thrown value, and its fingerprint. */
export interface Described extends Partial<Event> {
  fp: string
}

/**
 * Any thrown value with its causes and members, cycles cut; innermost first, as on the wire. `location` is where the
 * engine says that it was thrown, for values without a stack.
 */
export function describe(thrown: unknown, mechanism: string, location?: StackFrame | ''): Described {
  const values: ExceptionValue[] = []
  const frames: StackFrame[] = []
  let fp = ''
  // Where withScope and what is patched call the page's code, the two places where we stand on its stacks. Learned from
  // calls of our own, since in a minified build neither a name nor a file says whose a frame is.
  const caller = () => parseStack(new Error()).map(placeOf)[1]
  const ownPlaces = [withScope(caller), wrap(caller, caller as never)()]
  // What is found in a thing, once, goes to the end of what is being walked.
  const found = new Map<unknown, Origin>([[thrown, {}]])
  for (const [thing, origin] of found) {
    const exception_id = values.length
    const stack = parseStack(thing).filter(frame => !ownPlaces.includes(placeOf(frame)))
    if (!exception_id && !stack[0] && location) stack.push(location)
    frames.push(...stack)
    const tag = tagOf(thing)
    const message = read(thing, 'message')
    const isError = tag == 'Error' || typeof message == 'string'
    const type = textOf((isError && read(thing, 'name')) || read(read(thing, 'constructor'), 'name') || tag)
    const value = textOf(isError ? message || '' : thing)
    fp = fp || fingerprint(type, value, stack)
    values.unshift({
      type,
      value,
      mechanism: {
        type: exception_id ? 'chained' : mechanism,
        handled: mechanism == GENERIC,
        exception_id,
        data: attempt(() => copyOwn(isError && thing!, 1)), // of false nothing (-3 B)
        ...origin,
      },
      stacktrace: stack[0] && { frames: stack.reverse() },
      // Code that is instrumented brings it along (locals.ts).
      ohnoes_locals: attempt(() =>
        copy((self as never as LocalsHolder).__ohnoes_locals(thing), 5, 8192, LOCALS_LENGTH),
      ),
    })
    const members = attempt(() => (thing as { errors: unknown[] }).errors.slice(0, MAX_CAUSES))
    ;[read(thing, 'cause')].concat(members).forEach((next, n) => {
      if (next !== undefined && !found.has(next) && found.size <= MAX_CAUSES)
        found.set(next, { source: n ? 'errors' : 'cause', parent_id: exception_id })
    })
  }
  return { fp, exception: { values }, debug_meta: { images: debugImages(frames) } }
}

const placeOf = ({ filename, lineno, colno }: StackFrame): string => `${[filename, lineno, colno]}`
