import type { FC } from 'hono/jsx'
import { Snippet } from './snippet.tsx'

/** The list of a project that nothing has reported to: what to do next. */
export const Welcome: FC<{ dsn: string; loader: string }> = ({ dsn, loader }) => (
  <section class="welcome">
    <h1>Waiting for the first error</h1>
    <p>Nothing has reported to this project yet. Its address, the DSN:</p>
    <Snippet text={dsn} />
    <ol>
      <li>
        <h2>In a page</h2>
        <p>Before your own scripts, with the bundle on your own server:</p>
        <Snippet text={`<script src="/ohnoes.js" data-dsn="${dsn}" data-fleet-sampling></script>`} />
      </li>
      <li>
        <h2>In a page, without waiting for the bundle</h2>
        <p>First in the head. It keeps what happens until the bundle, from any address, is there:</p>
        <Snippet
          text={`<script data-dsn="${dsn}" data-fleet-sampling data-src="/ohnoes.js">${loader}</script>`}
        />
      </li>
      <li>
        <h2>With a bundler</h2>
        <p>
          After <code>npm install ohnoes</code>, as the first import of the app:
        </p>
        <Snippet text={`import { init } from 'ohnoes'\n\ninit({ dsn: '${dsn}', fleetSampling: true })`} />
      </li>
      <li>
        <h2>With a Sentry SDK</h2>
        <p>Any of them works: it needs nothing but this DSN.</p>
        <Snippet text={`Sentry.init({ dsn: '${dsn}' })`} />
      </li>
    </ol>
    <p>Then throw something, and reload this page:</p>
    <Snippet text={`setTimeout(() => { throw new Error('oh no') })`} />
  </section>
)
