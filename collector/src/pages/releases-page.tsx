import type { FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import type { Group } from '../group-store.ts'
import { artifactsPath, groupPath, groupsPath, releasePath, releasesPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { Release, ReleaseDetail } from '../release-store.ts'
import { ArtifactTable } from './artifacts-page.tsx'
import type { View } from './layout.tsx'
import { Ago } from './time.tsx'

interface ReleasesProps {
  project: Project
  releases: Release[]
  nowMs: number
}

export const releasesView = (props: ReleasesProps): View => ({
  title: 'Releases',
  project: props.project,
  section: 'releases',
  body: <Releases {...props} />,
})

const Releases: FC<ReleasesProps> = ({ project, releases, nowMs }) => (
  <>
    <div class="heading">
      <h1>Releases</h1>
      <a class="button" href={artifactsPath(project)}>
        Source maps
      </a>
    </div>
    {releases.length === 0 && <p class="dim">No event has said its release yet.</p>}
    {releases.length > 0 && (
      <div class="table releases" role="table" aria-label="Releases, the newest first">
        <div class="head" role="row">
          <span role="columnheader">Release</span>
          <span role="columnheader">Events</span>
          <span role="columnheader">Source maps</span>
          <span role="columnheader">First seen</span>
          <span role="columnheader">Last seen</span>
        </div>
        {releases.map(({ release, events, artifacts, firstReceivedMs, lastSeenMs }) => (
          <div class="row" role="row">
            <span role="cell">
              <a href={releasePath(project, release)} data-row>
                {release}
              </a>
            </span>
            <span role="cell">{countText(events)}</span>
            <span role="cell">{artifacts || <span class="dim">none</span>}</span>
            <span role="cell">
              <Ago ms={firstReceivedMs} nowMs={nowMs} />
            </span>
            <span role="cell">
              <Ago ms={lastSeenMs} nowMs={nowMs} />
            </span>
          </div>
        ))}
      </div>
    )}
  </>
)

interface ReleaseProps {
  project: Project
  detail: ReleaseDetail
  nowMs: number
}

export const releaseView = (props: ReleaseProps): View => ({
  title: `Release ${props.detail.release}`,
  project: props.project,
  section: 'releases',
  body: <ReleaseBody {...props} />,
})

const ReleaseBody: FC<ReleaseProps> = ({ project, detail, nowMs }) => {
  const { release, events, firstReceivedMs, lastSeenMs, newGroups, regressedGroups, files } = detail
  return (
    <>
      <p class="back">
        <a href={releasesPath(project)} data-up>
          Releases
        </a>
      </p>
      <h1>{release}</h1>
      <ul class="facts">
        <li>
          <a href={groupsPath(project, { query: `release:${JSON.stringify(release)}` })}>
            {countText(events)} events
          </a>
        </li>
        <li>
          first seen <Ago ms={firstReceivedMs} nowMs={nowMs} />
        </li>
        <li>
          last seen <Ago ms={lastSeenMs} nowMs={nowMs} />
        </li>
      </ul>
      <Groups title="New in it" none="No error was first seen in it." {...{ project, groups: newGroups }} />
      <Groups
        title="Back in it"
        none="No resolved error came back."
        {...{ project, groups: regressedGroups }}
      />
      <section>
        <h2>Source maps</h2>
        {files.length > 0 ? (
          <ArtifactTable {...{ project, files, nowMs }} />
        ) : (
          <p class="dim">None was uploaded for it.</p>
        )}
      </section>
    </>
  )
}

const Groups: FC<{ title: string; none: string; project: Project; groups: Group[] }> = props => (
  <section>
    <h2>{props.title}</h2>
    {props.groups.length === 0 && <p class="dim">{props.none}</p>}
    <ul class="named-groups">
      {props.groups.map(({ id, title, culprit }) => (
        <li>
          <a href={groupPath(props.project, id)}>{title}</a>
          {culprit && <p class="culprit">{culprit}</p>}
        </li>
      ))}
    </ul>
  </section>
)
