import type { FC } from 'hono/jsx'
import { explain, type Explanation } from '../explain.ts'
import { artifactsPath, eventPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { ReceivedEvent } from '../received-event.ts'
import type { View } from './layout.tsx'

/** Why each frame of an event is as it is shown. */
export const explainView = ({ project, event }: { project: Project; event: ReceivedEvent }): View => ({
  title: `Frames of ${event.event_id.slice(0, 8)}`,
  project,
  section: 'errors',
  body: (
    <>
      <p class="back">
        <a href={eventPath(project, event.event_id)} data-up>
          The event
        </a>
      </p>
      <h1>How its frames were resolved</h1>
      <p class="dim">
        <a href={artifactsPath(project)}>All source maps</a> of this project, and what is missing.
      </p>
      {explain(event).map(({ title, frames }) => (
        <section>
          <h2>{title}</h2>
          <ol class="explained">
            {frames.map(frame => (
              <Explained {...frame} />
            ))}
          </ol>
        </section>
      ))}
    </>
  ),
})

const Explained: FC<Explanation> = ({ sent, shown, lookedFor, artifact, reason, advice }) => (
  <li>
    <code>{shown ?? sent}</code>
    <dl>
      {shown && <Line name="Sent as">{sent}</Line>}
      {lookedFor.length > 0 && <Line name="Looked for">{lookedFor.join(', then ')}</Line>}
      {lookedFor.length > 0 && <Line name="Found">{artifact ?? 'nothing'}</Line>}
      {reason && <Line name="Result">{reason}</Line>}
      {advice && <Line name="To do">{advice}</Line>}
    </dl>
  </li>
)

const Line: FC<{ name: string; children?: unknown }> = ({ name, children }) => (
  <div>
    <dt>{name}</dt>
    <dd>{String(children)}</dd>
  </div>
)
