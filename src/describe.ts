import { copy, copyLocals, copyOwn, read, tagOf, textOf } from './copy.ts'
import { debugImages } from './debug-ids.ts'
import { attempt } from './guard.ts'
import { fingerprint } from './hash.ts'
import { options } from './options.ts'
import { wrap } from './patch.ts'
import type { Event, ExceptionValue, StackFrame } from './protocol.ts'
import { withScope } from './scope.ts'
import { parseStack } from './stack.ts'

const MAX_CAUSES = 5
const MAX_VALUES = 10

/** The mechanism of what the page reports by a call; everything else went unhandled. */
export const GENERIC = 'generic'

interface LocalsHolder {
  __ohnoes_locals(thrown: unknown): unknown
}

/** What of the event comes from the thrown value, and its fingerprint. */
export interface Described extends Partial<Event> {
  fp: string
}

/**
 * Any thrown value with its causes and members, cycles cut; innermost first, as on the wire. `location` is where the
 * engine says that it was thrown, for values without a stack.
 */
export function describe(thrown: unknown, mechanism: string, location?: StackFrame | ''): Described {
  const things: unknown[] = []
  const values: ExceptionValue[] = []
  const frames: StackFrame[] = []
  let fp = ''
  // Where withScope and what is patched call the page's code, the two places where we stand on its stacks. Learned from
  // calls of our own, since in a minified build neither a name nor a file says whose a frame is.
  const caller = () => parseStack(new Error()).map(placeOf)[1]
  const ownPlaces = [withScope(caller), wrap(caller, () => false)()]
  // What is found in a thing goes to the end of the list that is being walked.
  const found: [thing: unknown, source?: string, parentId?: number][] = [[thrown]]
  for (const [thing, source, parent_id] of found) {
    if (things.includes(thing) || values[source == 'cause' ? MAX_CAUSES : MAX_VALUES - 1]) continue
    const stack = parseStack(thing, options.inAppInclude).filter(frame => !ownPlaces.includes(placeOf(frame)))
    if (!source && !stack[0] && location) stack.push(location)
    frames.push(...stack)
    const { type, value, data } = describeOne(thing)
    fp = fp || fingerprint(type, value, stack)
    const exception_id = things.push(thing) - 1
    values.unshift({
      type,
      value,
      mechanism: {
        type: source ? 'chained' : mechanism,
        handled: mechanism == GENERIC,
        exception_id,
        parent_id,
        source,
        data,
      },
      stacktrace: stack[0] && { frames: stack.reverse() },
      // Code that is instrumented brings it along (locals.ts).
      ohnoes_locals: attempt(() => copyLocals((self as never as LocalsHolder).__ohnoes_locals(thing))),
    })
    const follow = (key: string, from = key, holder = thing) => {
      const next = read(holder, key)
      if (next !== undefined) found.push([next, from, exception_id])
    }
    follow('cause')
    if (type == 'AggregateError')
      for (let n = 0; n < MAX_VALUES; n++) follow('' + n, `errors[${n}]`, read(thing, 'errors'))
  }
  return { fp, exception: { values }, debug_meta: { images: debugImages(frames) } }
}

function placeOf({ filename, lineno, colno }: StackFrame): string {
  return `${[filename, lineno, colno]}`
}

function describeOne(thrown: unknown) {
  let type: string = thrown === null ? 'null' : typeof thrown
  let value = textOf(thrown) || '""'
  let data
  if (type == 'object') {
    const tag = tagOf(thrown)
    const message = read(thrown, 'message')
    const isError = tag == 'Error' || typeof message == 'string'
    type = `${copy((isError && read(thrown, 'name')) || read(read(thrown, 'constructor'), 'name') || tag, 0)}`
    if (isError) value = copy(message || '') as string
    else if (/Event$/.test(tag)) value = `${read(thrown, 'type')} on ${copy(read(thrown, 'target'), 0)}`
    data = attempt(() => copyOwn(thrown as object)) || {}
    delete data.name
    delete data.message
  }
  return { type, value, data }
}
