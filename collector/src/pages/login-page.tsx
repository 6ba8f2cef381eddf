import { Hono } from 'hono'
import type { Access, AccessEnv } from '../access.ts'
import type { AddressOf } from '../client-address.ts'
import { HttpError } from '../http-error.ts'
import type { View } from './layout.tsx'
import type { Show } from './show.ts'
import { createLoginLimit } from '../login-limit.ts'

export interface LoginOptions {
  access: Access
  addressOf: AddressOf
  show: Show
  now: () => number
}

/** Where people sign in; open to everybody. */
export function createLogin({ access, addressOf, show, now }: LoginOptions): Hono<AccessEnv> {
  const app = new Hono<AccessEnv>()
  const limit = createLoginLimit(now)
  app.get('/login', c => show(c, loginView({ next: localPathOf(c.req.query('next')) })))
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
    return show(c, loginView({ next, isWrong: true }), 401)
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

const loginView = ({ next, isWrong = false }: { next: string; isWrong?: boolean }): View => ({
  title: 'Sign in',
  body: (
    <section class="login">
      <h1>Sign in</h1>
      <form method="post" action="/login" class="fields">
        <input type="hidden" name="next" value={next} />
        <label class="field">
          <span>Password</span>
          <input type="password" name="password" autocomplete="current-password" required autofocus />
        </label>
        {isWrong && (
          <p class="problem" role="alert">
            That is not the password.
          </p>
        )}
        <p class="buttons">
          <button class="primary">Sign in</button>
        </p>
      </form>
    </section>
  ),
})

/**
 * What a visitor without a login gets who comes by a link of another site: browsers keep a strict cookie back
 * then, and send it along once the page asks for itself again.
 */
export const arrivalView = (path: string): View => ({
  title: 'One moment',
  refresh: path,
  body: (
    <section class="empty">
      <p>
        <a href={path}>Go on</a>
      </p>
    </section>
  ),
})
