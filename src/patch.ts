// What we add to a page, and its undoing.
import { attempt, guard } from './guard.ts'

type Call = (...args: unknown[]) => unknown

/** Hears of a call that has returned, and may give the page another result. Of `new`, `self` is the arguments. */
export type Watch = (result: never, self: object, args: unknown[]) => unknown

export let undos: (() => void)[] = []

/** Listens on the way down, until `undo`. */
export function listen(types: string, listener: (event: never) => void, target: EventTarget = self): void {
  for (const type of types.split(',')) {
    target.addEventListener(type, listener as EventListener, true)
    undos.push(() => target.removeEventListener(type, listener as EventListener, true))
  }
}

/**
 * The function with `watch` behind it. A Proxy: name, length, prototype, `new`, own properties and what `toString` says
 * of natives stay the function's own.
 */
export function wrap<T extends Call>(original: T, watch: Watch): T {
  const guarded = guard(watch)
  // One place for both, since it stands on the page's stacks and has to be known there.
  const trap = (call: Call) => (target: T, self: object, args: unknown) => {
    const result = call(target, self, args)
    return guarded(result as never, self, args as unknown[]) || result
  }
  return new Proxy(original, {
    apply: trap(Reflect.apply as Call),
    construct: trap(Reflect.construct as Call),
  } as ProxyHandler<T>)
}

/** Watches a function of the page until `undo`. Whoever patched it later keeps our wrapper then, which does nothing. */
export function patch<K extends string>(functions: { [name in K]: unknown }, name: K, watch: Watch): void {
  const original = functions[name]
  const ours = undos
  const patched = wrap(original as Call, (...call) => ours == undos && watch(...call))
  functions[name] = patched
  undos.push(() => {
    if (functions[name] == patched) functions[name] = original
  })
}

/** Takes everything back. */
export function undo(): void {
  for (const back of undos) attempt(back)
  undos = []
}
