import { copy } from './copy.ts'
import { attempt } from './guard.ts'
import { byteLength } from './hash.ts'
import { runHook } from './hook.ts'
import { parse, toJson } from './json.ts'
import { options, type Hint } from './options.ts'
import type { Breadcrumb } from './protocol.ts'
import { currentSession } from './session.ts'

const MAX_BYTES = 32 * 1024
const MAX_LENGTH = 2048

// As JSON: they hold nothing of the page, and are as large as they look.
const crumbs: string[] = []
let bytes = 0

/** Records a plain copy of what the page tells. */
export const addBreadcrumb = (given: Breadcrumb, hint?: Hint): void =>
  record(copy(given, options.normalizeDepth, 8192) as Breadcrumb, hint)

/** Records what is plain and without secrets; the oldest go when there are more than `maxBreadcrumbs` or 32 KB. */
export function record(given: Breadcrumb, hint?: Hint): void {
  if (!options.consent) return
  const timestamp = currentSession().timestamp / 1e3
  const crumb = runHook(options.beforeBreadcrumb, { timestamp, ...given }, 'data', hint)
  const json = crumb && attempt(() => toJson(crumb, MAX_LENGTH))
  if (!json || json[MAX_BYTES]) return // a hook can make anything of it
  bytes += byteLength(json)
  crumbs.push(json)
  while (crumbs[0] && (crumbs.length > options.maxBreadcrumbs || bytes > MAX_BYTES))
    bytes -= byteLength(crumbs.shift()!)
}

/** Oldest first. */
export function recentCrumbs(): Breadcrumb[] {
  return crumbs.map(crumb => parse(crumb) as Breadcrumb)
}

export function forgetCrumbs(): void {
  crumbs.length = bytes = 0
}
