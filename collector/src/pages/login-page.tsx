import { Hono } from 'hono'
import type { FC } from 'hono/jsx'
import type { Access, AccessEnv } from '../access.ts'
import type { AddressOf } from '../client-address.ts'
import { HttpError } from '../http-error.ts'
import { Layout, page, type Stylesheet } from './layout.tsx'
import { createLoginLimit } from '../login-limit.ts'

export interface LoginOptions {
  access: Access
  addressOf: AddressOf
  stylesheet: Stylesheet
  now: () => number
}

/** Where people sign in; open to everybody. */
export function createLogin({ access, addressOf, stylesheet, now }: LoginOptions): Hono<AccessEnv> {
  const app = new Hono<AccessEnv>()
  const limit = createLoginLimit(now)
  app.get('/login', c =>
    c.html(page(<LoginPage next={localPathOf(c.req.query('next'))} {...{ stylesheet }} />)),
  )
  app.post('/login', async c => {
    // From a foreign page somebody would be signed in without knowing it.
    if (!['same-origin', 'none'].includes(c.req.header('sec-fetch-site') ?? 'none'))
      throw new HttpError(403, 'foreign_page', 'Sign in on the page at /login.')
    const address = addressOf(c)
    const waitS = limit.waitS(address)
    if (waitS)
      throw new HttpError(
        429,
        'too_many_logins',
        `Too many wrong passwords came from your address: try again in ${Math.ceil(waitS / 60)} minutes.`,
        { 'retry-after': String(waitS) },
      )
    const form = await c.req.parseBody()
    const next = localPathOf(form.next)
    // Counted before it is known, so that many guesses at once are no more than five either.
    limit.fail(address)
    if (typeof form.password === 'string' && (await access.signIn(c, form.password))) {
      limit.succeed(address)
      return c.redirect(next, 303)
    }
    return c.html(page(<LoginPage isWrong {...{ next, stylesheet }} />), 401)
  })
  app.post('/logout', access.guard, async c => {
    await access.signOut(c)
    return c.redirect('/login', 303)
  })
  return app
}

/** A path of ours; `//evil.example` and `/\evil.example` are addresses of others to a browser. */
export const localPathOf = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) && !next.includes('\\') ? next : '/'

const LoginPage: FC<{ next: string; isWrong?: boolean; stylesheet: Stylesheet }> = props => (
  <Layout title="Sign in" stylesheet={props.stylesheet}>
    <section class="empty">
      <h1>Sign in</h1>
      <form method="post" action="/login">
        <input type="hidden" name="next" value={props.next} />
        <p>
          <label for="password">Password</label>
        </p>
        <p>
          <input
            type="password"
            id="password"
            name="password"
            autocomplete="current-password"
            required
            autofocus
          />
        </p>
        {props.isWrong && <p role="alert">That is not the password.</p>}
        <button type="submit">Sign in</button>
      </form>
    </section>
  </Layout>
)

/**
 * What a visitor without a login gets who comes by a link of another site: browsers keep a strict cookie back
 * then, and send it along once the page asks for itself again.
 */
export const ArrivalPage: FC<{ path: string; stylesheet: Stylesheet }> = props => (
  <Layout title="One moment" stylesheet={props.stylesheet} refresh={props.path}>
    <section class="empty">
      <p>
        <a href={props.path}>Go on</a>
      </p>
    </section>
  </Layout>
)
