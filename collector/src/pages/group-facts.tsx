import type { FC } from 'hono/jsx'
import type { GroupedBy } from '../group.ts'
import type { GroupChange, GroupDetail } from '../group-store.ts'
import { groupPath } from '../paths.ts'
import type { Project } from '../project.ts'
import { Csrf, type Visitor } from './layout.tsx'
import { Ago } from './time.tsx'

const REASONS: Record<GroupedBy['reason'], string> = {
  fingerprint: 'The fingerprint it was sent with',
  chunk_load: 'Built-in group: all failures to load a part of the application',
  hydration: 'Built-in group: all differences between server and browser',
  resource: 'What failed to load',
  chain: 'Its type, its places in your code and its causes',
  stack: 'Its type and its places in your code',
  message: 'Its type and message, as no stack says more',
}

/** Why these events are one group. */
export const GroupedByFrames: FC<{ groupedBy: GroupedBy }> = ({ groupedBy }) => (
  <section>
    <h2>Grouped by</h2>
    <p class="note">{REASONS[groupedBy.reason] ?? groupedBy.reason}</p>
    <ol class="deciding">
      {groupedBy.frames.map(frame => (
        <li>
          <code>{frame}</code>
        </li>
      ))}
    </ol>
    <p class="note dim">Algorithm {groupedBy.algorithm}</p>
  </section>
)

export const Merged: FC<{ project: Project; group: GroupDetail; visitor: Visitor }> = props => {
  const { project, group, visitor } = props
  if (!group.merged.length) return null
  return (
    <section>
      <h2>Merged into it</h2>
      <form method="post" action={groupPath(project, group.id)}>
        <Csrf visitor={visitor} />
        <ul class="merged">
          {group.merged.map(({ id, title }) => (
            <li>
              <span>{title}</span>
              <button name="unmerge" value={id} class="quiet">
                Unmerge
              </button>
            </li>
          ))}
        </ul>
      </form>
    </section>
  )
}

const CHANGES: Record<GroupChange['change'], string> = {
  unresolved: 'Reopened',
  resolved: 'Resolved',
  muted: 'Muted',
  regressed: 'Regressed',
  merged: 'Merged with',
  unmerged: 'Unmerged',
}

export const Activity: FC<{ changes: GroupChange[]; nowMs: number }> = ({ changes, nowMs }) =>
  changes.length ? (
    <section>
      <h2>Activity</h2>
      <ol class="activity">
        {changes.map(change => (
          <li>
            <span>
              {textOf(change)}
              {change.who && <span class="dim"> by {change.who}</span>}
            </span>
            <Ago ms={change.atMs} nowMs={nowMs} />
          </li>
        ))}
      </ol>
    </section>
  ) : null

function textOf({ change, detail }: GroupChange): string {
  if (!detail) return CHANGES[change]
  return change === 'regressed' ? `Regressed in ${detail}` : `${CHANGES[change]} ${detail}`
}
