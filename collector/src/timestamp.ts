import { Marks, type Path } from './marks.ts'

const MAX_FUTURE_S = 60
const MAX_AGE_S = 30 * 24 * 3600
/** Relay's figure: less may be a slow network, more is a wrong clock. */
const MIN_DRIFT_S = 55 * 60

/** What an envelope's times are put right by. */
export interface Clock {
  receivedMs: number
  driftS: number
}

/** Seconds since the epoch from Sentry's two spellings, float seconds and ISO 8601 (UTC unless it says). */
export function readSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  if (/^\d{1,12}(\.\d{1,9})?$/.test(value)) return Number(value)
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value)) return undefined
  const hasZone = /(z|[+-]\d\d:?\d\d)$/i.test(value)
  const ms = Date.parse(hasZone ? value : `${value}Z`)
  return Number.isNaN(ms) ? undefined : ms / 1000
}

/** By how much the client's clock is behind ours, in seconds; 0 when it is near enough. */
export function clockDriftS(sentAt: unknown, receivedMs: number): number {
  const sentS = readSeconds(sentAt)
  if (sentS === undefined) return 0
  const driftS = receivedMs / 1000 - sentS
  return Math.abs(driftS) > MIN_DRIFT_S ? driftS : 0
}

/** When it occurred by our clock, in seconds, within what can be true; what was corrected is marked. */
export function occurredAtS(
  value: unknown,
  { receivedMs, driftS, marks, path }: Clock & { marks: Marks; path: Path | undefined },
): number {
  const nowS = receivedMs / 1000
  const readS = readSeconds(value)
  if (readS === undefined) {
    if (value !== undefined && value !== null) marks.add(path, { rule: '!invalid', kind: 's' })
    return nowS
  }
  if (driftS !== 0) marks.add(path, { rule: '!clock_drift', kind: 's' })
  const seconds = readS + driftS
  const clamped = Math.min(Math.max(seconds, nowS - MAX_AGE_S), nowS + MAX_FUTURE_S)
  if (clamped !== seconds) marks.add(path, { rule: '!clamped', kind: 's' })
  return clamped
}

/** The same in milliseconds, where there is no `_meta` to mark a correction in. */
export const occurredAtMs = (value: unknown, clock: Clock): number =>
  Math.round(occurredAtS(value, { ...clock, marks: new Marks(), path: undefined }) * 1000)
