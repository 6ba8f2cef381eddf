import { copy, copyOwn, cut, read, tagOf } from './copy.ts'
import { attempt } from './guard.ts'

const MAX_DEPTH = 5
const MAX_LINKS = 10

/** One thrown value and its place in the tree of causes. */
export interface Link {
  thrown: unknown
  type: string
  value: string
  /** Own enumerable properties, a bounded copy. */
  data?: Record<string, unknown> | undefined
  depth: number
  /** Index of the value that names this one, and under which property: `cause`, `errors[0]`, … */
  parent?: number
  source?: string
}

/** Any thrown value with its causes and members: the thrown one first, breadth first, cycles cut. */
export function describe(thrown: unknown): Link[] {
  const links: Link[] = [describeOne(thrown)]
  for (let i = 0; i < links.length; i++) {
    const { thrown: parent, type, depth } = links[i]!
    const follow = (object: unknown, key: string, source = key) => {
      const next = read(object, key)
      const isKnown = next === undefined || links.some(link => link.thrown === next)
      if (!isKnown && depth < MAX_DEPTH && links.length < MAX_LINKS)
        links.push({ ...describeOne(next), depth: depth + 1, parent: i, source })
    }
    follow(parent, 'cause')
    if (type == 'AggregateError')
      for (let n = 0; n < MAX_LINKS; n++) follow(read(parent, 'errors'), '' + n, `errors[${n}]`)
    if (type == 'SuppressedError') {
      follow(parent, 'error')
      follow(parent, 'suppressed')
    }
  }
  return links
}

function describeOne(thrown: unknown): Link {
  let type: string = typeof thrown
  let value = copy(thrown, 2)
  let data
  if (thrown === null) type = 'null'
  else if (type == 'object') {
    const tag = tagOf(thrown)
    const name = read(thrown, 'name')
    const message = read(thrown, 'message')
    const isError = typeof message == 'string'
    type = String((isError && name) || read(read(thrown, 'constructor'), 'name') || tag)
    if (isError) value = copy(message)
    else if (/Event$/.test(tag)) value = `${read(thrown, 'type')} on ${copy(read(thrown, 'target'), 0)}`
    const { name: _name, message: _message, ...own } = attempt(() => copyOwn(thrown as object)) || {}
    data = own
  } else if (value === '') value = '""'
  return {
    thrown,
    type: cut(type),
    value: typeof value == 'string' ? value : String(JSON.stringify(value)),
    data,
    depth: 0,
  }
}
