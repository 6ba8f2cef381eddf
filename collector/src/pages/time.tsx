import type { FC } from 'hono/jsx'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** How long ago, with the exact time in a tooltip. */
export const Ago: FC<{ ms: number; nowMs: number }> = ({ ms, nowMs }) => {
  const iso = new Date(ms).toISOString()
  return (
    <time datetime={iso} title={iso}>
      {agoOf(ms - nowMs)}
    </time>
  )
}

/** The exact time, in UTC, to the second. */
export const At: FC<{ ms: number }> = ({ ms }) => {
  const iso = new Date(ms).toISOString()
  return <time datetime={iso}>{`${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`}</time>
}

function agoOf(differenceMs: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => Math.abs(differenceMs) >= ms) ?? ['minute', Infinity]
  return unitMs === Infinity ? 'just now' : relative.format(Math.trunc(differenceMs / unitMs), unit)
}
