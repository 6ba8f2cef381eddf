import { parse, toJson } from './json.ts'
import { stats } from './ledger.ts'
import { debug, type Hint } from './options.ts'

/**
 * What a hook of the page makes of an event or breadcrumb: null to drop it. One that throws or gives back something
 * else (a promise, say) leaves it as it was, with a remark in `[place].failed_hook`, and is counted.
 */
export function runHook<T extends object>(
  hook: unknown,
  thing: T,
  place: keyof T,
  hint: Hint = {},
): T | null {
  if (typeof hook != 'function') return thing
  try {
    const result = hook(parse(toJson(thing)), hint) // a copy: it may fail halfway
    if (!result || 'timestamp' in result) return result
  } catch (error) {
    debug('failed', error)
  }
  stats.hookErrors++
  return { ...thing, [place]: { ...thing[place], failed_hook: hook.name || true } }
}
