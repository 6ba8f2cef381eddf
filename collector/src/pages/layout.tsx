import { html } from 'hono/html'
import type { Child, FC } from 'hono/jsx'
import type { Assets } from '../assets.ts'
import { groupsPath, healthPath, releasesPath, settingsPath, vitalsPath } from '../paths.ts'
import type { Project } from '../project.ts'
import { KeyList } from './key-list.tsx'

/** What a page says; the frame around it is the same for all. */
export interface View {
  title: string
  /** What the page is about; its other sections are linked. */
  project?: Project
  section?: Section
  /** Scripts that this page needs beside dashboard.js, by their names in assets.ts. */
  scripts?: string[]
  /** Where the browser is to go on by itself. */
  refresh?: string
  body: Child
}

export type Section = 'errors' | 'releases' | 'vitals' | 'health' | 'settings'

/** Who looks at a page. */
export interface Visitor {
  /** For the hidden field of every form. */
  csrf: string
  isSignedIn: boolean
}

export interface Frame {
  assets: Assets
  /** All of them, to choose from. */
  projects: readonly Project[]
  visitor: Visitor
}

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="#c8285a"/><path d="M7 3h2v6H7zm0 8h2v2H7z" fill="#fff"/></svg>',
)}`

/** A whole document. */
export const document = (view: View, frame: Frame) => html`<!doctype html>${(<Page {...view} {...frame} />)}`

const Page: FC<View & Frame> = props => {
  const { title, project, section, scripts = [], refresh, body, assets, projects, visitor } = props
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ohnoes`}</title>
        {refresh && <meta http-equiv="refresh" content={`0;url=${refresh}`} />}
        <link rel="icon" href={ICON} />
        {scripts.includes('uplot.js') && <link rel="stylesheet" href={`${assets.base}/uplot.css`} />}
        <link rel="stylesheet" href={`${assets.base}/dashboard.css`} />
        {[...scripts, 'dashboard.js'].map(name => (
          <script
            src={`${assets.base}/${name}`}
            type={name === 'uplot.js' ? undefined : 'module'}
            defer
          ></script>
        ))}
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <header class="top">
          <div>
            <a class="brand" href="/">
              <Mark /> ohnoes
            </a>
            {project && <ProjectMenu project={project} projects={projects} />}
            {project && <Sections project={project} section={section} />}
            <div class="session">
              <button type="button" class="quiet" data-keys hidden>
                Keys
              </button>
              {visitor.isSignedIn && (
                <form method="post" action="/logout">
                  <Csrf visitor={visitor} />
                  <button class="quiet">Sign out</button>
                </form>
              )}
            </div>
          </div>
        </header>
        <main id="content">{body}</main>
        <KeyList />
      </body>
    </html>
  )
}

/** The field without which no form is taken. */
export const Csrf: FC<{ visitor: Visitor }> = ({ visitor }) => (
  <input type="hidden" name="csrf" value={visitor.csrf} />
)

const Mark: FC = () => (
  <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
    <circle cx="8" cy="8" r="8" />
    <path d="M7 3h2v6H7zm0 8h2v2H7z" />
  </svg>
)

/** The other projects, where there are any. */
const ProjectMenu: FC<{ project: Project; projects: readonly Project[] }> = ({ project, projects }) =>
  projects.length < 2 ? (
    <span class="project">{project.name}</span>
  ) : (
    <details class="project menu">
      <summary>{project.name}</summary>
      <ul>
        {projects.map(other => (
          <li>
            <a href={groupsPath(other)} aria-current={other.id === project.id ? 'true' : undefined}>
              {other.name}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )

const SECTIONS: [Section, string, (project: Project) => string][] = [
  ['errors', 'Errors', groupsPath],
  ['releases', 'Releases', releasesPath],
  ['vitals', 'Vitals', vitalsPath],
  ['health', 'Health', healthPath],
  ['settings', 'Settings', settingsPath],
]

const Sections: FC<{ project: Project; section: Section | undefined }> = ({ project, section }) => (
  <nav class="sections" aria-label={project.name}>
    {SECTIONS.map(([name, title, pathOf]) => (
      <a href={pathOf(project)} aria-current={name === section ? 'page' : undefined}>
        {title}
      </a>
    ))}
  </nav>
)

/** A page that says what went wrong and where to go on. */
export const errorView = ({ status, message }: { status: number; message: string }): View => ({
  title: String(status),
  body: (
    <section class="empty">
      <h1>{status === 404 ? 'Not found' : 'That did not work'}</h1>
      <p>{message}</p>
      <p>
        <a href="/">All errors</a>
      </p>
    </section>
  ),
})
