import { copy } from './copy.ts'
import { attempt } from './guard.ts'
import { options, type Hint } from './options.ts'
import type { Contexts, Event, Level, Primitive, User } from './protocol.ts'

export type EventProcessor = (event: Event, hint: Hint) => Event | null

export interface ScopeData {
  user?: User | null
  level?: Level
  fingerprint?: string[]
  tags?: Record<string, Primitive>
  extra?: Record<string, unknown>
  contexts?: Contexts
}

interface Setters {
  setUser(user: User | null): Scope
  setLevel(level: Level): Scope
  setFingerprint(parts: string[]): Scope
  setTag(key: string, value: Primitive): Scope
  setTags(tags: Record<string, Primitive>): Scope
  setExtra(key: string, value: unknown): Scope
  setExtras(extras: Record<string, unknown>): Scope
  setContext(key: string, context: Record<string, unknown> | null): Scope
  setContexts(contexts: Contexts): Scope
}

/** What is attached to the events captured under it. Values are copied when set: nothing of the page is held. */
export interface Scope extends ScopeData, Setters {
  processors: EventProcessor[]
  addEventProcessor(processor: EventProcessor): Scope
  /** Adds another scope, or plain data; `captureMessage` has a level in its place, which says nothing here. */
  update(context: CaptureContext | Level | undefined): Scope
  clear(): Scope
}

/** What `captureException` and its kin take beside the error: plain data, a scope, or a function on one. */
export type CaptureContext = ScopeData | Pick<Scope, 'processors'> | ((scope: Scope) => unknown)

/** What sets what a scope holds. What has a plural is added to, by its singular a single entry; the rest is replaced. */
const SETTERS = 'User,Level,Fingerprint,Tags,Extras,Contexts'.split(',')
const fieldOf = (setter: string) => setter.toLowerCase().replace('ras', 'ra') as keyof ScopeData // `extra`

type Fields = Record<string, unknown>

export function createScope(parent?: Scope): Scope {
  const scope = {
    addEventProcessor(processor: EventProcessor) {
      scope.processors.push(processor)
      return scope
    },
    update(context: CaptureContext | Level | undefined) {
      attempt(() => {
        if (typeof context == 'function') return context(scope)
        merge(scope, context as ScopeData)
        return scope.processors.push(...(context as Scope).processors) // throws for plain data, which has none
      })
      return scope
    },
    clear() {
      for (const setter of SETTERS) delete scope[fieldOf(setter)]
      scope.processors = []
      return scope
    },
  } as unknown as Scope & Fields
  for (const setter of SETTERS) {
    const name = 'set' + setter
    const set = (value: unknown) => scope.update({ [fieldOf(setter)]: value })
    scope[name.replace(/s$/, '')] = (key: string, value: unknown) => set({ [copy(key, 0) as string]: value })
    scope[name] = set
  }
  return scope.clear().update(parent)
}

/** Takes over what is given of a scope, as a copy. */
export function merge<T extends object>(data: T, given: ScopeData): T {
  for (const setter of SETTERS) {
    const key = fieldOf(setter)
    const value = copy(given[key], options.normalizeDepth + 1)
    if (value !== undefined)
      (data as Fields)[key] = /s$/.test(setter)
        ? { ...((data as Fields)[key] as object), ...(value as object) }
        : value
  }
  return data
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
declare const AsyncContext: { Variable: new () => AsyncVariable }
const variable = attempt(() => new AsyncContext.Variable())

export const getCurrentScope = (): Scope => (variable && variable.get()) || current

/**
 * Runs `callback` with a scope of its own, a copy of the current one; what it sets is gone afterwards. What it does
 * after an `await` has that scope only where the engine knows AsyncContext; elsewhere, pass the scope on:
 * `captureException(error, scope)`.
 */
export function withScope<T>(callback: (scope: Scope) => T): T {
  const outer = current
  const scope = createScope(getCurrentScope())
  current = scope
  try {
    return variable ? variable.run(scope, callback, scope) : callback(scope)
  } finally {
    current = outer
  }
}
