/** `regressed`: it was resolved, and happened again in a later release. */
export type GroupStatus = 'unresolved' | 'resolved' | 'muted' | 'regressed'

/** What people may set; `regressed` is the collector's to say. */
export const SETTABLE_STATUSES = ['unresolved', 'resolved', 'muted'] as const satisfies GroupStatus[]
