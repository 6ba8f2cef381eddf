import { quote } from './cut.ts'
import { HttpError } from './http-error.ts'
import { isUsable, type Project, type ProjectKey } from './project.ts'

export interface Credentials {
  /** `sentry_key` of the query. */
  query: string | undefined
  /** `X-Sentry-Auth: Sentry sentry_key=…, …`. */
  header: string | undefined
}

/** The key a request brings along outside of its body; undefined if it has none there. */
export function keyOfRequest({ query, header }: Credentials): string | undefined {
  if (query) return query
  return /(?:^|[\s,])sentry_key=([^\s,]+)/.exec(header ?? '')?.[1]
}

/** The key of the DSN in an envelope's header, which has to name the project of the URL. */
export function keyOfDsn(dsn: unknown, project: Project): string | undefined {
  if (typeof dsn !== 'string' || !URL.canParse(dsn)) return undefined
  const { username, pathname } = new URL(dsn)
  return pathname.split('/').at(-1) === project.id ? username : undefined
}

/** The project's key of that text; refuses one that is not the project's, is off, or is not for that page. */
export function checkKey(
  text: string | undefined,
  { project, origin, nowMs }: { project: Project; origin: string | undefined; nowMs: number },
): ProjectKey {
  if (!text)
    throw new HttpError(
      403,
      'missing_key',
      'The request has no key: send sentry_key in the query, in X-Sentry-Auth, or a DSN in the envelope header.',
    )
  // The key is public, it stands in every page: a comparison in constant time would hide nothing.
  const key = project.keys.find(candidate => candidate.key === text)
  if (!key)
    throw new HttpError(
      403,
      'wrong_key',
      `The key ${quote(text)} is not one of project ${quote(project.id)}: copy the DSN from the dashboard.`,
    )
  if (!isUsable(key, nowMs))
    throw new HttpError(
      403,
      'disabled_key',
      `The key ${quote(text)} is switched off: copy the DSN of another from the dashboard.`,
    )
  if (!isAllowed(origin, key))
    throw new HttpError(
      403,
      'wrong_origin',
      `Pages of ${quote(origin)} may not report by this key: add the origin to it in the settings.`,
    )
  return key
}

/** Only browsers name an origin, and they always do; who has none is no page, and could claim any. */
function isAllowed(origin: string | undefined, { origins }: ProjectKey): boolean {
  if (!origins.length || origin === undefined) return true
  return origins.some(allowed => {
    const [scheme, host = ''] = allowed.split('://*')
    // `https://*.shop.example` has the dot in its second part.
    return host ? origin.startsWith(`${scheme}://`) && origin.endsWith(host) : origin === allowed
  })
}
