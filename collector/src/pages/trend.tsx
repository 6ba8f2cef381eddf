import type { FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import type { Buckets } from '../group-store.ts'

const BAR = 4 // width of a bar, and the gap after it is 1
const HEIGHT = 24

/** Counts over time as small bars; a bucket without any has a line, so that the time it spans is seen. */
export const Sparkline: FC<{ counts: number[]; span: string }> = ({ counts, span }) => {
  const most = Math.max(...counts, 1)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${counts.length * (BAR + 1) - 1} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${countText(total)} in the last ${span}`}
    >
      {counts.map((count, at) => {
        // No smaller than can be seen.
        const height = count ? Math.max(2, Math.round((count / most) * HEIGHT)) : 1
        return (
          <rect
            class={count ? '' : 'none'}
            x={at * (BAR + 1)}
            y={HEIGHT - height}
            width={BAR}
            height={height}
          />
        )
      })}
    </svg>
  )
}

const CHART_WIDTH = 1000
const CHART_HEIGHT = 120

/** The same large; chart.js puts one to point at in its place, from the numbers in its attributes. */
export const Chart: FC<{ counts: number[]; buckets: Buckets; span: string }> = ({
  counts,
  buckets,
  span,
}) => {
  const most = Math.max(...counts, 1)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const step = CHART_WIDTH / counts.length
  return (
    <figure
      class="chart"
      data-from={buckets.fromMs / 1000}
      data-size={buckets.sizeMs / 1000}
      data-counts={JSON.stringify(counts)}
    >
      <svg
        viewBox={`0 0 ${CHART_WIDTH} ${CHART_HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${countText(total)} events in the last ${span}, at most ${countText(most)} in one ${
          buckets.sizeMs > 3_600_000 ? 'day' : 'hour'
        }`}
      >
        {counts.map((count, at) => {
          const height = count ? Math.max(2, (count / most) * CHART_HEIGHT) : 0
          return <rect x={(at + 0.1) * step} y={CHART_HEIGHT - height} width={0.8 * step} height={height} />
        })}
      </svg>
      <figcaption>
        <time datetime={new Date(buckets.fromMs).toISOString()}>{startText(buckets)}</time>
        <span>most: {countText(Math.max(...counts))}</span>
        <span>now</span>
      </figcaption>
    </figure>
  )
}

function startText({ fromMs, sizeMs }: Buckets): string {
  const iso = new Date(fromMs).toISOString()
  return sizeMs > 3_600_000 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
