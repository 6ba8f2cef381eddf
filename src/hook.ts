import { parse, toJson } from './json.ts'
import { stats } from './ledger.ts'
import { debug, type Hint } from './options.ts'

/**
 * What a hook of the page, if there is one, makes of an event or breadcrumb: null to drop it. One that throws or gives
 * back something else (a promise, say) leaves it as it was, with a remark in `[place].failed_hook`, and is counted.
 */
export function runHook<T extends { timestamp?: number }>(
  hook: ((thing: T, hint: Hint) => T | null) | undefined,
  thing: T,
  place: keyof T,
  hint: Hint = {},
): T | null {
  if (!hook) return thing
  try {
    const result = hook(parse(toJson(thing)) as T, hint) // a copy: it may fail halfway
    if (!result || result.timestamp) return result
  } catch (error) {
    debug('failed', error)
  }
  stats.hookErrors++
  return { ...thing, [place]: { ...thing[place], failed_hook: true } }
}
