import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AccessToken, TokenScope } from './access-store.ts'
import { quote } from './cut.ts'
import { HttpError } from './http-error.ts'
import { isPassword } from './password.ts'
import type { Store } from './store.ts'

// Who may see and change what. While there is no password everything is open, to this machine only; with one,
// people sign in and programs bring a token, which is of one project.

const COOKIE = 'ohnoes_login'
const LOGIN_DAYS = 14
const DAY_MS = 86_400_000
const TOKEN_PREFIX = 'ohn_'
/** In the place of a login's hash, which it is none of. */
const NOBODY = 'open'

/** What the routes behind `guard` find on their context. */
export interface AccessEnv {
  Variables: {
    /** For the `csrf` field of each form that changes something. */
    csrf: string
    /** Whether somebody has signed in, and can sign out. */
    isSignedIn: boolean
    /** What a program has brought instead. */
    token: AccessToken | undefined
  }
}

export interface Access {
  /** Lets nobody past who may not be here, and no change that a foreign page has sent. */
  guard: MiddlewareHandler<AccessEnv>
  /** Keeps a token to its project; for routes that have a `:project`. */
  guardProject: MiddlewareHandler<AccessEnv>
  /** Sets the login's cookie; false for a wrong password. */
  signIn(c: Context, password: string): Promise<boolean>
  signOut(c: Context): Promise<void>
}

export interface AccessOptions {
  store: Store
  now: () => number
  /** Whether browsers reach us by https only: where the login's cookie goes, then. */
  isSecure: boolean
}

export function createAccess({ store, now, isSecure }: AccessOptions): Access {
  const cookie = { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure } as const

  const guard: MiddlewareHandler<AccessEnv> = async (c, next) => {
    const bearer = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    if (bearer !== undefined) {
      c.set('token', checkScope(await store.findToken(hashOf(bearer)), c))
      return next()
    }
    const login = getCookie(c, COOKIE)
    const loginHash = login === undefined ? NOBODY : hashOf(login)
    // At once: under load each answer of the store is a turn to wait for.
    const [passwordHash, isLogin, signingKey] = await Promise.all([
      store.passwordHash(),
      store.isLogin(loginHash, now()),
      store.signingKey(),
    ])
    const isOpen = passwordHash === null
    const isSignedIn = !isOpen && isLogin
    if (isOpen) refuseForeignHosts(c)
    else if (!isSignedIn) throw unauthorized()
    const csrf = createHmac('sha256', signingKey)
      .update(isSignedIn ? loginHash : NOBODY)
      .digest('hex')
    c.set('csrf', csrf)
    c.set('isSignedIn', isSignedIn)
    if (!['GET', 'HEAD'].includes(c.req.method)) await refuseForeignForms(c, csrf)
    return next()
  }

  return {
    guard,
    async guardProject(c, next) {
      const { project = '*' } = c.get('token') ?? {}
      if (project !== '*' && project !== c.req.param('project'))
        throw wrongToken(`This token is of project ${quote(project)}.`)
      return next()
    },
    async signIn(c, password) {
      const hash = await store.passwordHash()
      if (hash === null || !(await isPassword(password, hash))) return false
      const login = randomBytes(32).toString('base64url')
      await store.addLogin(hashOf(login), now() + LOGIN_DAYS * DAY_MS)
      setCookie(c, COOKIE, login, { ...cookie, maxAge: (LOGIN_DAYS * DAY_MS) / 1000 })
      return true
    },
    async signOut(c) {
      const login = getCookie(c, COOKIE)
      if (login !== undefined) await store.removeLogin(hashOf(login))
      deleteCookie(c, COOKIE, cookie)
    },
  }
}

/** A new token, shown once, and what is stored of it. */
export function createToken(
  of: Pick<AccessToken, 'project' | 'scope' | 'label'>,
  createdMs: number,
): { token: string; stored: AccessToken } {
  const token = TOKEN_PREFIX + randomBytes(32).toString('base64url')
  return { token, stored: { ...of, hash: hashOf(token), createdMs } }
}

// Of 256 random bits: there is nothing to guess, so no slow hash is needed.
const hashOf = (token: string): string => hash('sha256', token)

/** What a request needs a token for; undefined where none will do. */
function scopeOf({ req: { method, path } }: Context): TokenScope | undefined {
  if (path === '/metrics') return 'metrics'
  if (!path.startsWith('/api/')) return undefined
  if (method === 'POST' && /\/artifacts(?:\/missing)?$/.test(path)) return 'upload'
  return method === 'GET' ? 'read' : undefined
}

function checkScope(token: AccessToken | null, c: Context): AccessToken {
  if (!token) throw unauthorized()
  if (token.scope === scopeOf(c)) return token
  throw wrongToken(`This token is for ${quote(token.scope)}, which ${c.req.method} here is not.`)
}

const wrongToken = (message: string): HttpError => new HttpError(403, 'wrong_token', message)

const unauthorized = (): HttpError =>
  new HttpError(
    401,
    'unauthorized',
    'Sign in at /login, or send a token of this project as Authorization: Bearer.',
    { 'www-authenticate': 'Bearer' },
  )

// A page whose own name resolves to 127.0.0.1 (DNS rebinding) is of the same origin as we are to a browser,
// and could read everything here; the Host header gives it away.
function refuseForeignHosts(c: Context): void {
  const { hostname } = new URL(c.req.url)
  if (!/^(127(\.\d+){3}|\[::1\]|(.+\.)?localhost)$/.test(hostname))
    throw new HttpError(
      421,
      'wrong_host',
      `${quote(hostname)} is not our name: use http://127.0.0.1, or set a password.`,
    )
}

async function refuseForeignForms(c: Context, csrf: string): Promise<void> {
  const sent = c.req.header('x-csrf-token') ?? (await c.req.parseBody()).csrf
  const isOurs =
    typeof sent === 'string' &&
    sent.length === csrf.length &&
    timingSafeEqual(Buffer.from(sent), Buffer.from(csrf))
  const site = c.req.header('sec-fetch-site') ?? 'none'
  if (isOurs && ['same-origin', 'none'].includes(site)) return
  throw new HttpError(
    403,
    'wrong_csrf_token',
    'The form is not of this page, or is too old: load the page again and send it once more.',
  )
}
