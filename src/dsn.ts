import { SDK_NAME, VERSION } from './protocol.ts'

/** `https://key@host/path/project` → the URL that takes this project's envelopes; what is no DSN stays what it is. */
export function envelopeUrl(dsn: string): string {
  return `${dsn}`.replace(
    /^(https?:..)(\w+).*@(.+)\/(\w+)$/,
    `$1$3/api/$4/envelope/?sentry_version=7&sentry_key=$2&sentry_client=${SDK_NAME}%2F${VERSION}`,
  )
}
