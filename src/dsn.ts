import { SDK_NAME, VERSION } from './protocol.ts'

/** `https://key@host/path/project` → the URL that takes this project's envelopes; undefined when it is no DSN. */
export function envelopeUrl(dsn: string): string | undefined {
  const [, scheme, key, host, project] = /^(https?:\/\/)(\w+)(?::\w*)?@([^?#\s]+)\/(\w+)$/.exec(dsn) || []
  const query = `sentry_version=7&sentry_key=${key}&sentry_client=${SDK_NAME}%2F${VERSION}`
  return scheme && `${scheme}${host}/api/${project}/envelope/?${query}`
}
