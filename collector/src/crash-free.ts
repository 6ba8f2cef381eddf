import { asPartOf, type Estimate, estimateOf, mergeSamples, totalOf } from './estimate.ts'
import type { SessionCount, SessionStatus } from './store.ts'

/** How sessions fared: estimates for all there were, and the kept ones they rest on. */
export interface CrashFree {
  sessions: Estimate
  crashed: Estimate
  /** The share of sessions without a crash, 0 to 1. */
  crash_free: number
  kept: { sessions: number; errored: number; abnormal: number; crashed: number }
}

/** A day of it. */
export interface CrashFreeDay extends CrashFree {
  /** In UTC, `2026-11-03`. */
  day: string
}

/** The crash-free share by weight; of one session at least. */
export function crashFreeOf(counts: SessionCount[]): CrashFree {
  const sampleFor = (wanted: (status: SessionStatus) => boolean) =>
    mergeSamples(counts.filter(({ status }) => wanted(status)).map(({ sample }) => sample))
  const keptFor = (wanted: (status: SessionStatus) => boolean): number => {
    const { certain, draws } = sampleFor(wanted)
    return certain + draws
  }
  const all = sampleFor(() => true)
  const crashed = sampleFor(status => status === 'crashed')
  return {
    sessions: estimateOf(all),
    crashed: estimateOf(asPartOf(all, crashed)),
    crash_free: Math.max(0, 1 - totalOf(crashed) / totalOf(all)),
    kept: {
      sessions: keptFor(() => true),
      errored: keptFor(status => status === 'errored'),
      abnormal: keptFor(status => status === 'abnormal'),
      crashed: keptFor(status => status === 'crashed'),
    },
  }
}

/** The same for each day there is. */
export function crashFreeByDay(counts: SessionCount[]): CrashFreeDay[] {
  const days = [...new Set(counts.map(({ day }) => day))].sort()
  return days.map(day => ({ day, ...crashFreeOf(counts.filter(count => count.day === day)) }))
}
