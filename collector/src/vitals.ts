// The web vitals we know: https://web.dev/articles/vitals, thresholds included.

export type VitalName = 'LCP' | 'INP' | 'CLS' | 'FCP' | 'TTFB'
export type Rating = 'good' | 'needs improvement' | 'poor'

interface Vital {
  unit: 'millisecond' | 'none'
  /** The largest value that is good, and the largest that is not poor. */
  good: number
  fair: number
}

/** In the order people are shown them. */
export const VITALS: Record<VitalName, Vital> = {
  LCP: { unit: 'millisecond', good: 2500, fair: 4000 },
  INP: { unit: 'millisecond', good: 200, fair: 500 },
  CLS: { unit: 'none', good: 0.1, fair: 0.25 },
  FCP: { unit: 'millisecond', good: 1800, fair: 3000 },
  TTFB: { unit: 'millisecond', good: 800, fair: 1800 },
}

export const VITAL_NAMES = Object.keys(VITALS) as VitalName[]

const WIRE_PREFIX = 'browser.web_vital.'
const BY_WIRE_NAME = new Map(VITAL_NAMES.map(name => [WIRE_PREFIX + name.toLowerCase(), name]))

/** The vital that a metric's name on the wire means: `browser.web_vital.lcp`. */
export const vitalOf = (wireName: unknown): VitalName | undefined =>
  typeof wireName === 'string' ? BY_WIRE_NAME.get(wireName) : undefined

export function ratingOf(name: VitalName, value: number): Rating {
  const { good, fair } = VITALS[name]
  if (value <= good) return 'good'
  return value <= fair ? 'needs improvement' : 'poor'
}

/** A value as people read it: `2.3 s`, `180 ms`, `0.08`. */
export function vitalText(name: VitalName, value: number): string {
  if (VITALS[name].unit === 'none') return value.toFixed(2)
  return Math.round(value) < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`
}
