// What we add to a page, and its undoing.
import { attempt, guard } from './guard.ts'

const { apply, construct } = Reflect

type Call = (...args: unknown[]) => unknown

/** Hears of a call before it is made; what it returns hears of the result, and may give the page another. */
export type Watch = (self: object, args: unknown[]) => ((result: never) => unknown) | false | undefined

export const undos: (() => void)[] = []

/** Listens on the way down, until `undo`. */
export function listen(types: string, listener: (event: never) => void, target: EventTarget = self): void {
  for (const type of types.split(',')) {
    target.addEventListener(type, listener as EventListener, true)
    undos.push(() => target.removeEventListener(type, listener as EventListener, true))
  }
}

/**
 * The function with `watch` beside it. A Proxy: name, length, prototype, `new`, own properties and what `toString` says
 * of natives stay the function's own. Of `new`, `watch` hears the arguments as `self`.
 */
export function wrap<T extends Call>(original: T, watch: Watch): T {
  const guarded = guard(watch)
  // One place for both, since it stands on the page's stacks and has to be known there.
  const trap = (call: Call) => (target: T, self: object, args: unknown) => {
    const after = guarded(self, args as unknown[])
    const result = call(target, self, args)
    return (after && attempt(() => after(result as never))) || result
  }
  return new Proxy(original, {
    apply: trap(apply as Call),
    construct: trap(construct as Call),
  } as ProxyHandler<T>)
}

/** Watches a function of the page until `undo`. Whoever patched it later keeps our wrapper then, which does nothing. */
export function patch<K extends string>(functions: { [name in K]: unknown }, name: K, watch: Watch): void {
  const original = functions[name]
  let isWatching = true
  const patched = wrap(original as Call, (self, args) => isWatching && watch(self, args))
  functions[name] = patched
  undos.push(() => {
    isWatching = false
    if (functions[name] == patched) functions[name] = original
  })
}

/** Takes everything back. */
export function undo(): void {
  undos.splice(0).forEach(attempt)
}
