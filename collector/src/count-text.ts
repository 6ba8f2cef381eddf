import type { Estimate } from './estimate.ts'

/** A count as people read it: `1,234`. */
export const countText = (count: number): string => Math.round(count).toLocaleString('en')

/** `≈ 1.23M ± 2 %` for an estimate, all digits for what is exact. */
export function estimateText({ estimate, low, high, exact }: Estimate): string {
  if (exact) return countText(estimate)
  const percent = Math.max(1, Math.round((Math.max(high - estimate, estimate - low) / estimate) * 100))
  return estimate ? `≈ ${roundText(estimate)} ± ${percent} %` : `up to ${roundText(high)}`
}

/** The interval of an estimate in words; nothing for what is exact. */
export const intervalText = ({ low, high, exact }: Estimate): string | undefined =>
  exact ? undefined : `${countText(low)} to ${countText(high)}, in 19 of 20 cases`

const roundText = (count: number): string =>
  count < 10_000
    ? countText(count)
    : count.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 })
