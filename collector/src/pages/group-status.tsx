import type { FC } from 'hono/jsx'
import type { GroupStatus } from '../group-status.ts'

export const STATUS_TITLES: Record<GroupStatus, string> = {
  unresolved: 'Open',
  regressed: 'Regressed',
  resolved: 'Resolved',
  muted: 'Muted',
}

/** What can be done to a group of each status: the status it gets, what the button says, and its key. */
export const ACTIONS: Record<GroupStatus, [status: GroupStatus, title: string, key: string][]> = {
  unresolved: [
    ['resolved', 'Resolve', 'e'],
    ['muted', 'Mute', 'm'],
  ],
  regressed: [
    ['resolved', 'Resolve', 'e'],
    ['muted', 'Mute', 'm'],
  ],
  resolved: [['unresolved', 'Reopen', 'o']],
  muted: [['unresolved', 'Reopen', 'o']],
}

/** Nothing for `Open`, which most are. */
export const StatusBadge: FC<{ status: GroupStatus }> = ({ status }) =>
  status === 'unresolved' ? null : <span class={`badge ${status}`}>{STATUS_TITLES[status]}</span>
