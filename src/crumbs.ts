import { copy } from './copy.ts'
import { attempt } from './guard.ts'
import { byteLength } from './hash.ts'
import { runHook } from './hook.ts'
import { parse, toJson } from './json.ts'
import { options } from './options.ts'
import { undos } from './patch.ts'
import type { Breadcrumb, Level } from './protocol.ts'
import { currentSession } from './session.ts'

const MAX_BYTES = 32_000
const MAX_LENGTH = 2000

// As JSON: they hold nothing of the page, and are as large as they look.
const crumbs: string[] = []
let bytes = 0

/** Records what is plain; the oldest go when there are more than `maxBreadcrumbs` or 32 KB. */
export function record(
  category: string,
  message?: string,
  data?: object,
  level?: Level,
  type?: string,
): void {
  add({ type, category, level, message, data } as Breadcrumb)
}

/** Records a plain copy of what the page tells. */
export const addBreadcrumb = (given: Breadcrumb): void =>
  add(copy(given, options.normalizeDepth, 8192) as Breadcrumb)

function add(given: Breadcrumb): void {
  const crumb =
    undos[0] &&
    runHook(options.beforeBreadcrumb, { timestamp: currentSession().timestamp / 1e3, ...given }, 'data')
  // A hook can make anything of it, which may be no JSON.
  if (crumb)
    attempt(() => {
      const json = toJson(crumb, MAX_LENGTH)
      bytes += byteLength(json)
      crumbs.push(json)
      while (crumbs[options.maxBreadcrumbs] || bytes > MAX_BYTES) bytes -= byteLength(crumbs.shift()!)
    })
}

/** Oldest first. */
export const recentCrumbs = (): Breadcrumb[] => crumbs.map(crumb => parse(crumb) as Breadcrumb)

export function forgetCrumbs(): void {
  crumbs.length = bytes = 0
}
