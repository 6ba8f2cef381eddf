import { copy } from './copy.ts'
import { options } from './options.ts'
import type { Breadcrumb } from './protocol.ts'

const crumbs: Breadcrumb[] = []

/** Records a plain copy; the oldest one goes when there are more than `maxBreadcrumbs`. */
export function addBreadcrumb(crumb: Breadcrumb): void {
  const length = crumbs.push({ timestamp: Date.now() / 1e3, ...(copy(crumb) as Breadcrumb) })
  crumbs.splice(0, length - options.maxBreadcrumbs)
}

/** Oldest first. */
export function recentCrumbs(): Breadcrumb[] {
  return crumbs.slice()
}
