import { copy } from './copy.ts'
import { attempt } from './guard.ts'
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
  data: ScopeData
  processors: EventProcessor[]
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
  /** Adds another scope's data, or plain data; `captureMessage` has a level in its place, which says nothing here. */
  update(context: CaptureContext | Level | undefined): Scope
  clear(): Scope
}

/** What `captureException` and its kin take beside the error: plain data, a scope, or a function on one. */
export type CaptureContext = ScopeData | Pick<Scope, 'processors'> | ((scope: Scope) => unknown)

export function createScope(parent?: CaptureContext): Scope {
  const set = (key: keyof ScopeData) => (value: unknown) => scope.update({ [key]: value })
  const put = (key: keyof ScopeData) => (name: string, value: unknown) =>
    scope.update({ [key]: { [copy(name, 0) as string]: value } })
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
    addEventProcessor: processor => scope.update({ processors: [processor] }),
    update(context) {
      attempt(() => {
        if (typeof context == 'function') return context(scope)
        const { data, processors = [] } = context as Partial<Scope>
        scope.processors.push(...processors)
        return merge(scope.data, data || (context as ScopeData))
      })
      return scope
    },
    clear() {
      scope.data = {}
      scope.processors = []
      return scope
    },
  }
  return scope.update(parent)
}

const KEYS = ['user', 'level', 'transaction', 'fingerprint', 'tags', 'extra', 'contexts'] as const

/** Tags, extra and contexts are added to, the rest is replaced. */
export function merge(data: ScopeData, given: ScopeData): void {
  KEYS.forEach((key, i) => {
    const value = copy(given[key], options.normalizeDepth + 1) as object | undefined
    if (value !== undefined)
      (data as Record<string, unknown>)[key] = i > 3 ? { ...(data[key] as object), ...value } : value
  })
}

/** The page's own: what the top-level `setTag`, `setUser`, … write to. */
export const root = createScope()

/** As much of https://tc39.es/proposal-async-context/ as is used. */
interface AsyncVariable {
  get(): Scope | undefined
  run<T>(scope: Scope, callback: (scope: Scope) => T, argument: Scope): T
}

let current = createScope()

// What survives an await, where the engine has it (none by default as of Chromium 156, Firefox 153, WebKit 2.50).
declare const AsyncContext: { Variable: new () => AsyncVariable } | undefined
const variable = typeof AsyncContext != 'undefined' && new AsyncContext.Variable()

export function getCurrentScope(): Scope {
  return (variable && variable.get()) || current
}

/**
 * Runs `callback` with a scope of its own, a copy of the current one; what it sets is gone afterwards. What it does
 * after an `await` has that scope only where the engine knows AsyncContext; elsewhere, pass the scope on:
 * `captureException(error, scope)`.
 */
export function withScope<T>(callback: (scope: Scope) => T): T {
  const scope = createScope(getCurrentScope())
  if (variable) return variable.run(scope, callback, scope)
  const outer = current
  current = scope
  try {
    return callback(scope)
  } finally {
    current = outer
  }
}
