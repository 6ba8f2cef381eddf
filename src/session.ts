import { attempt } from './guard.ts'
import { hex32 } from './hash.ts'
import { parse, toJson } from './json.ts'
import { hasConsent, options } from './options.ts'
import { threshold } from './sample.ts'

/** What is ours in the page's storages. */
export const KEY = 'ohnoes'
const MAX_REST_MS = 30 * 60_000

/** What repeats under one cheap key, or all that is past the table's end. Lives in the session, so over reloads. */
export interface Storm {
  count: number
  /**
   * The count at which one is admitted next. Before anything is counted, how many without a place were told apart by
   * their fingerprint and were repeats.
   */
  due: number
  /** How many of them no admitted one stands for yet. */
  held: number
  /** Its own; '' is the overflow's. */
  key: string | number
  /** Of the last one admitted, if it was kept; else nothing leaves of what is held back. */
  claim?: { fp?: string; u?: number; p: number } | undefined
}

/** What the server may limit and we keep to; a limit of all is one of each. */
export type Category = 'error' | 'session'

/**
 * One tab, from its first page to 30 minutes without activity; in memory only where storage is denied. As it is stored,
 * so it is sent (https://develop.sentry.dev/sdk/telemetry/sessions/).
 */
interface Session {
  /** 32 hex digits. */
  sid: string
  started: string
  /** When there was activity last, in milliseconds since the epoch; on the wire, when the update was made. */
  timestamp: number
  status: 'ok' | 'crashed'
  errors: number
  attrs: { release: string | undefined; environment: string }
  /** The rate of the sample that it may be in. */
  ohnoes_p: number
  /** How many errors the collector knows of; undefined as long as it does not know the session. */
  sent?: number | undefined
  /** Until when the server wants none of them, in milliseconds since the epoch. */
  limits: Record<Category, number>
  /** By the hash of what tells them apart; '' is the overflow. */
  storms: Record<string, Storm>
}

let session: Session | undefined

/** 32 hex digits. */
export const randomId = (): string =>
  crypto.getRandomValues(new Uint32Array(4)).reduce((id, bits) => id + hex32(bits), '')

/** The session, which goes on by this. Nothing is read from or put into storage before there is consent. */
export function currentSession(): Session {
  const timestamp = Date.now()
  session = session || attempt(() => hasConsent() && parse(sessionStorage[KEY]))
  if (!session || !(timestamp - session.timestamp < MAX_REST_MS))
    session = {
      sid: randomId(),
      started: new Date().toISOString(),
      status: 'ok',
      errors: 0,
      attrs: { release: options.release, environment: options.environment },
      ohnoes_p: options.sessionSampleRate,
      limits: { error: 0, session: 0 },
      storms: {},
    } as unknown as Session
  session.timestamp = timestamp
  return session
}

/** Keeps the session for the next page of the tab. */
export function saveSession(): void {
  attempt(() => hasConsent() && (sessionStorage[KEY] = toJson(currentSession())))
}

export function forgetSession(): void {
  session = undefined
  attempt(() => delete sessionStorage[KEY])
}

/** Whether crash-free figures and vitals come from this session too: the same on all its pages. */
export function isSampled(): boolean {
  const { sid, ohnoes_p } = currentSession()
  return threshold(sid, '') < ohnoes_p
}
