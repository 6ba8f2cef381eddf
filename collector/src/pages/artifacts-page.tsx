import type { FC } from 'hono/jsx'
import type { Artifact, MissingArtifact } from '../artifact-store.ts'
import { keyText } from '../artifact-keys.ts'
import { countText } from '../count-text.ts'
import { encodeCursor } from '../cursor.ts'
import type { Page } from '../group-store.ts'
import { artifactsPath, releasePath, releasesPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { View } from './layout.tsx'
import { Ago } from './time.tsx'

interface ArtifactsProps {
  project: Project
  artifacts: Page<Artifact>
  missing: MissingArtifact[]
  nowMs: number
}

/** The source maps that are there, and those that events would need. */
export const artifactsView = (props: ArtifactsProps): View => ({
  title: 'Source maps',
  project: props.project,
  section: 'releases',
  body: <Artifacts {...props} />,
})

const Artifacts: FC<ArtifactsProps> = ({ project, artifacts, missing, nowMs }) => (
  <>
    <p class="back">
      <a href={releasesPath(project)} data-up>
        Releases
      </a>
    </p>
    <h1>Source maps</h1>
    {missing.length > 0 && (
      <section>
        <h2>Missing</h2>
        <p class="note dim">
          Events have frames in these files; once their maps are uploaded, the events read like the source.
        </p>
        <div class="table artifacts" role="table" aria-label="Missing source maps, the most asked for first">
          <div class="head" role="row">
            <span role="columnheader">File</span>
            <span role="columnheader">Looked for by</span>
            <span role="columnheader">Stacks</span>
            <span role="columnheader">Last seen</span>
          </div>
          {missing.map(({ key, file, stacks, lastSeenMs }) => (
            <div class="row" role="row">
              <span role="cell">{file}</span>
              <span role="cell">{keyText(key)}</span>
              <span role="cell">{countText(stacks)}</span>
              <span role="cell">
                <Ago ms={lastSeenMs} nowMs={nowMs} />
              </span>
            </div>
          ))}
        </div>
      </section>
    )}
    <section>
      <h2>Uploaded</h2>
      {artifacts.rows.length > 0 ? (
        <ArtifactTable {...{ project, files: artifacts.rows, nowMs }} />
      ) : (
        <p class="dim">None so far. `npx ohnoes-plugin upload dist` sends the maps of a build.</p>
      )}
      {artifacts.next && (
        <nav class="pages" aria-label="Pages">
          <a href={artifactsPath(project, { cursor: encodeCursor(artifacts.next) })} rel="next">
            Older
          </a>
        </nav>
      )}
    </section>
  </>
)

export const ArtifactTable: FC<{ project: Project; files: Artifact[]; nowMs: number }> = props => (
  <div class="table artifacts" role="table" aria-label="Source maps, the newest first">
    <div class="head" role="row">
      <span role="columnheader">File</span>
      <span role="columnheader">Found by</span>
      <span role="columnheader">Size</span>
      <span role="columnheader">Uploaded</span>
    </div>
    {props.files.map(({ name, debugId, release, commit, bundler, mapBytes, createdMs, refused }) => (
      <div class="row" role="row">
        <span role="cell">
          {name}
          {refused && <span class="refused">refused: {refused}</span>}
        </span>
        <span role="cell">
          {debugId ?? 'release and address'}
          <span class="dim">
            {release && (
              <>
                {' '}
                <a href={releasePath(props.project, release)}>{release}</a>
              </>
            )}
            {commit && ` ${commit.slice(0, 10)}`}
            {bundler && ` ${bundler}`}
          </span>
        </span>
        <span role="cell">{`${(mapBytes / 1e6).toFixed(2)} MB`}</span>
        <span role="cell">
          <Ago ms={createdMs} nowMs={props.nowMs} />
        </span>
      </div>
    ))}
  </div>
)
