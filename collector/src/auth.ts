import { quote } from './cut.ts'
import { HttpError } from './http-error.ts'
import type { Project } from './project.ts'

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

/** Refuses a key that is not the project's. */
export function checkKey(key: string | undefined, project: Project): void {
  if (!key)
    throw new HttpError(
      403,
      'missing_key',
      'The request has no key: send sentry_key in the query, in X-Sentry-Auth, or a DSN in the envelope header.',
    )
  // The key is public, it stands in every page: a comparison in constant time would hide nothing.
  if (key !== project.key)
    throw new HttpError(
      403,
      'wrong_key',
      `The key ${quote(key)} is not one of project ${quote(project.id)}: copy the DSN from the dashboard.`,
    )
}
