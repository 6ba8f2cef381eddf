import { copy, copyOwn, cut, read, tagOf } from './copy.ts'
import { debugImages } from './debug-ids.ts'
import { attempt } from './guard.ts'
import { fingerprint } from './hash.ts'
import { options } from './options.ts'
import type { Event, ExceptionValue, StackFrame } from './protocol.ts'
import { parseStack } from './stack.ts'

const MAX_CAUSES = 5
const MAX_VALUES = 10

/** The mechanism of what the page reports by a call; everything else went unhandled. */
export const GENERIC = 'generic'

/** Something that happened, before anything expensive was read from it. */
export interface Report {
  mechanism: string
  /**
   * Present, though perhaps undefined, when something was thrown. Where the engine gives no error, an object with
   * `name`, `message` and what else is known.
   */
  thrown?: unknown
  /** Where the engine says it was thrown, for values without a stack. */
  location?: StackFrame | undefined
  /** True for what is known to say nothing: it is counted, not sent. */
  isNoise?: boolean
  /** What is known beside it: messages, the page's own events. */
  event?: Partial<Event>
}

/** What of the event comes from the thrown value, and its fingerprint. */
export interface Described extends Partial<Event> {
  fp: string
}

/** Any thrown value with its causes and members, cycles cut; innermost first, as on the wire. */
export function describe({ thrown, mechanism, location }: Report): Described {
  const things: unknown[] = []
  const values: ExceptionValue[] = []
  const frames: StackFrame[] = []
  let fp = ''
  const add = (thing: unknown, source?: string, parent_id?: number) => {
    const stack = parseStack(thing, options.inAppInclude)
    if (!source && !stack[0] && location) stack.push(location)
    frames.push(...stack)
    const { data, ...described } = describeOne(thing)
    fp = fp || fingerprint(described.type, described.value, stack)
    values.push({
      ...described,
      mechanism: {
        type: source ? 'chained' : mechanism,
        handled: mechanism == GENERIC,
        exception_id: things.push(thing) - 1,
        parent_id,
        source,
        data,
      },
      stacktrace: stack[0] && { frames: stack.reverse() },
    })
  }
  const follow = (id: number, key: string, source = key, holder = things[id]) => {
    const next = read(holder, key)
    const isRoom = things.length < (key == 'cause' ? 1 + MAX_CAUSES : MAX_VALUES)
    if (isRoom && next !== undefined && !things.includes(next)) add(next, source, id)
  }
  add(thrown)
  for (let id = 0; id < things.length; id++) {
    const { type } = values[id]!
    follow(id, 'cause')
    if (type == 'AggregateError')
      for (let n = 0; n < MAX_VALUES; n++) follow(id, '' + n, `errors[${n}]`, read(things[id], 'errors'))
    if (type == 'SuppressedError') for (const key of ['error', 'suppressed']) follow(id, key)
  }
  return { fp, exception: { values: values.reverse() }, debug_meta: { images: debugImages(frames) } }
}

function describeOne(thrown: unknown) {
  let type: string = typeof thrown
  let value = copy(thrown, 2)
  let data
  if (thrown === null) type = 'null'
  else if (type == 'object') {
    const tag = tagOf(thrown)
    const name = read(thrown, 'name')
    const message = read(thrown, 'message')
    const isError = typeof message == 'string'
    type = cut(String((isError && name) || read(read(thrown, 'constructor'), 'name') || tag))
    if (isError) value = copy(message)
    else if (/Event$/.test(tag)) value = `${read(thrown, 'type')} on ${copy(read(thrown, 'target'), 0)}`
    const { name: _name, message: _message, ...own } = attempt(() => copyOwn(thrown as object)) || {}
    data = own
  } else if (value === '') value = '""'
  return { type, value: typeof value == 'string' ? value : String(JSON.stringify(value)), data }
}
