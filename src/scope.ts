import { copy } from './copy.ts'
import { options, type Hint } from './options.ts'
import type { Contexts, Event, Level, Primitive, User } from './protocol.ts'

export type EventProcessor = (event: Event, hint: Hint) => Event | null

export interface ScopeData {
  user?: User | null
  level?: Level
  transaction?: string
  fingerprint?: string[]
  tags?: Record<string, Primitive>
  extra?: Record<string, unknown>
  contexts?: Contexts
}

/** What is attached to the events captured under it. Values are copied when set: nothing of the page is held. */
export interface Scope {
  readonly data: ScopeData
  readonly processors: EventProcessor[]
  setUser(user: User | null): Scope
  setLevel(level: Level): Scope
  setTransactionName(name: string): Scope
  setFingerprint(parts: string[]): Scope
  setTag(key: string, value: Primitive): Scope
  setTags(tags: Record<string, Primitive>): Scope
  setExtra(key: string, value: unknown): Scope
  setExtras(extras: Record<string, unknown>): Scope
  setContext(key: string, context: Record<string, unknown> | null): Scope
  addEventProcessor(processor: EventProcessor): Scope
  /** Adds another scope's data, or plain data. */
  update(context: CaptureContext | undefined): Scope
}

/** What `captureException` and its kin take beside the error: plain data, a scope, or a function on one. */
export type CaptureContext = ScopeData | Scope | ((scope: Scope) => unknown)

export function createScope(parent?: Scope): Scope {
  const set = (key: keyof ScopeData) => (value: unknown) => scope.update({ [key]: value })
  const put = (key: keyof ScopeData) => (name: string, value: unknown) =>
    scope.update({ [key]: { [name]: value } })
  const scope: Scope = {
    data: {},
    processors: [],
    setUser: set('user'),
    setLevel: set('level'),
    setTransactionName: set('transaction'),
    setFingerprint: set('fingerprint'),
    setTag: put('tags'),
    setTags: set('tags'),
    setExtra: put('extra'),
    setExtras: set('extra'),
    setContext: put('contexts'),
    addEventProcessor(processor) {
      scope.processors.push(processor)
      return scope
    },
    update(context) {
      if (typeof context == 'function') context(scope)
      else if (context && 'data' in context) {
        scope.processors.push(...context.processors)
        merge(scope.data, context.data)
      } else merge(scope.data, context || {})
      return scope
    },
  }
  return scope.update(parent)
}

/** Tags, extra and contexts are added to, the rest is replaced. */
export function merge(data: ScopeData, given: ScopeData): void {
  const target = data as Record<string, unknown>
  const depth = options.normalizeDepth + 1
  for (const key of ['user', 'level', 'transaction', 'fingerprint'] as const)
    if (given[key] !== undefined) target[key] = copy(given[key], depth)
  for (const key of ['tags', 'extra', 'contexts'] as const)
    if (given[key]) target[key] = { ...data[key], ...(copy(given[key], depth) as object) }
}

/** The page's own: what the top-level `setTag`, `setUser`, … write to. */
export const root = createScope()

let current = createScope()

export function getCurrentScope(): Scope {
  return current
}

/** Runs `callback` with a scope of its own, a copy of the current one; what it sets is gone afterwards. */
export function withScope<T>(callback: (scope: Scope) => T): T {
  const outer = current
  current = createScope(outer)
  try {
    return callback(current)
  } finally {
    current = outer
  }
}
