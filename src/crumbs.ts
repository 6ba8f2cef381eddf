import { copy } from './copy.ts'
import { options } from './options.ts'
import type { Breadcrumb } from './protocol.ts'

let crumbs: Breadcrumb[] = []

/** Records a plain copy; the oldest one goes when there are more than `maxBreadcrumbs`. */
export function addBreadcrumb(crumb: Breadcrumb): void {
  crumbs.push({ timestamp: Date.now() / 1e3, ...(copy(crumb) as Breadcrumb) })
  crumbs = crumbs.slice(-options.maxBreadcrumbs || crumbs.length)
}

/** Oldest first. */
export function recentCrumbs(): Breadcrumb[] {
  return crumbs.slice()
}
