import type { FC } from 'hono/jsx'
import type { Breadcrumb } from 'ohnoes/protocol'
import type { ReceivedEvent } from '../received-event.ts'

/** So many before the event are open. */
const SHOWN = 15

/** What happened before, oldest first, timed from the event. */
export const Breadcrumbs: FC<{ event: ReceivedEvent }> = ({ event }) => {
  const crumbs = event.breadcrumbs ?? []
  if (!crumbs.length) return null
  const earlier = crumbs.slice(0, -SHOWN)
  return (
    <section>
      <h2>Breadcrumbs</h2>
      {earlier.length > 0 && (
        <details class="earlier">
          <summary>{earlier.length} earlier</summary>
          <ol class="crumbs">
            {earlier.map(crumb => (
              <Crumb crumb={crumb} eventAtS={event.timestamp} />
            ))}
          </ol>
        </details>
      )}
      <ol class="crumbs">
        {crumbs.slice(-SHOWN).map(crumb => (
          <Crumb crumb={crumb} eventAtS={event.timestamp} />
        ))}
        <li class="here">
          <span class="offset">0 s</span>
          <span class="category">event</span>
          <span class="said">This event</span>
        </li>
      </ol>
    </section>
  )
}

const Crumb: FC<{ crumb: Breadcrumb; eventAtS: number }> = ({ crumb, eventAtS }) => (
  <li class={crumb.level ?? 'info'}>
    <span class="offset">{crumb.timestamp === undefined ? '' : offsetText(crumb.timestamp - eventAtS)}</span>
    <span class="category">{crumb.category ?? crumb.type ?? ''}</span>
    <span class="said">
      {crumb.message}
      {crumb.data && (
        <span class="data">
          {Object.entries(crumb.data).map(([key, value]) => (
            <span>
              <span class="dim">{key}</span> {typeof value === 'string' ? value : JSON.stringify(value)}
            </span>
          ))}
        </span>
      )}
    </span>
  </li>
)

export function offsetText(seconds: number): string {
  const size = Math.abs(seconds)
  const sign = seconds < 0 ? '−' : '+'
  if (size < 0.0005) return '0 s'
  if (size < 1) return `${sign}${Math.round(size * 1000)} ms`
  if (size < 120) return `${sign}${size.toFixed(1)} s`
  return `${sign}${Math.round(size / 60)} min`
}
