import { html } from 'hono/html'
import type { Child, FC } from 'hono/jsx'
import { groupsPath, vitalsPath } from '../paths.ts'
import type { Project } from '../project.ts'

export interface Stylesheet {
  /** With the hash of its text, so that browsers may keep it for ever. */
  path: string
  text: string
}

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="#d6336c"/><path d="M7 3h2v6H7zm0 8h2v2H7z" fill="#fff"/></svg>',
)}`

/** A whole document of a page's element. */
export const page = (element: Child) => html`<!doctype html> ${element}`

export const Layout: FC<{
  title: string
  stylesheet: Stylesheet
  trail?: Child
  /** What the page is about; its other sections are linked. */
  project?: Project
  section?: 'errors' | 'vitals'
  /** Where the browser is to go on by itself. */
  refresh?: string
  children?: Child
}> = props => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${props.title} · ohnoes`}</title>
      {props.refresh && <meta http-equiv="refresh" content={`0;url=${props.refresh}`} />}
      <link rel="icon" href={ICON} />
      <link rel="stylesheet" href={props.stylesheet.path} />
    </head>
    <body>
      <header class="top">
        <div>
          <nav class="trail" aria-label="Where you are">
            <a class="brand" href="/">
              ohnoes
            </a>
            {props.trail}
          </nav>
          {props.project && <Sections project={props.project} section={props.section} />}
        </div>
      </header>
      <main>{props.children}</main>
    </body>
  </html>
)

const Sections: FC<{ project: Project; section: 'errors' | 'vitals' | undefined }> = props => (
  <nav class="sections" aria-label={props.project.name}>
    <a href={groupsPath(props.project)} aria-current={props.section === 'errors' ? 'page' : undefined}>
      Errors
    </a>
    <a href={vitalsPath(props.project)} aria-current={props.section === 'vitals' ? 'page' : undefined}>
      Vitals
    </a>
  </nav>
)

export const ErrorPage: FC<{ status: number; message: string; stylesheet: Stylesheet }> = props => (
  <Layout title={String(props.status)} stylesheet={props.stylesheet}>
    <section class="empty">
      <h1>{props.status === 404 ? 'Not found' : 'That did not work'}</h1>
      <p>{props.message}</p>
      <p>
        <a href="/">All groups</a>
      </p>
    </section>
  </Layout>
)
