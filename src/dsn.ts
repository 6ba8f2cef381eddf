import { SDK_NAME, VERSION } from './protocol.ts'

/** `https://key@host/path/project` → the URL that takes this project's envelopes; undefined when it is no DSN. */
export function envelopeUrl(dsn: string): string | undefined {
  const [, origin, key, host, path, project] =
    /^(https?:\/\/)(\w+)(?::\w*)?@([^/?#@\s]+)(\/[^?#\s]*)?\/(\w+)$/.exec(dsn) || []
  return (
    origin &&
    `${origin}${host}${path || ''}/api/${project}/envelope/?sentry_version=7&sentry_key=${key}&sentry_client=${SDK_NAME}%2F${VERSION}`
  )
}
