import type { FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import { eventCountsOf, type OutcomeLine } from '../outcome-sums.ts'
import type { Project } from '../project.ts'
import type { Condition, Outcome } from '../store.ts'
import type { View } from './layout.tsx'

export interface HealthProps {
  project: Project
  outcomes: Outcome[]
  condition: Condition
  /** Events that came by each key in this hour. */
  usage: Map<string, number>
  isHealthy: boolean
}

export const healthView = (props: HealthProps): View => ({
  title: `Health of ${props.project.name}`,
  project: props.project,
  section: 'health',
  body: <Health {...props} />,
})

const Health: FC<HealthProps> = ({ project, outcomes, condition, usage, isHealthy }) => {
  const { known, received, lines, others, neverSent, client } = eventCountsOf(outcomes)
  return (
    <div class="health">
      <h1>Health</h1>
      <section>
        <h2>Where errors went</h2>
        {known > 0 && (
          <p>
            {countText(known)} are known to have occurred: {countText(received)} were received,{' '}
            {countText(neverSent)} never sent. What sampling left out without a word is in the estimates of
            the groups.
          </p>
        )}
        {received > 0 ? (
          <>
            <p class="note dim">All that this project was sent since it was made; the parts add up.</p>
            <OutcomeTable title="Received" total={received} lines={lines} />
          </>
        ) : (
          <p>Nothing was sent to this project yet.</p>
        )}
      </section>
      {client.length > 0 && (
        <section>
          <h2>Never sent</h2>
          <p class="note dim">What clients say they dropped themselves, by their reasons.</p>
          <OutcomeTable title="Dropped by clients" total={neverSent} lines={client} />
        </section>
      )}
      {others.length > 0 && (
        <section>
          <h2>Other items</h2>
          <p class="note dim">What came along with events and is not kept.</p>
          <OutcomeTable title="Passed over" total={sumOf(others)} lines={others} />
        </section>
      )}
      <section>
        <h2>Quotas, this hour</h2>
        <ul class="bars">
          {project.keys.map(({ key, label, eventsPerHour }) => (
            <Quota {...{ name: label || key.slice(0, 8), used: usage.get(key) ?? 0, limit: eventsPerHour }} />
          ))}
        </ul>
      </section>
      <Store {...{ condition, isHealthy }} />
    </div>
  )
}

const sumOf = (lines: OutcomeLine[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0)

const OutcomeTable: FC<{ title: string; total: number; lines: OutcomeLine[] }> = props => (
  <table class="outcomes">
    <thead>
      <tr>
        <th scope="row">{props.title}</th>
        <td class="number">{countText(props.total)}</td>
        <td />
      </tr>
    </thead>
    <tbody>
      {props.lines.map(({ title, quantity, depth }) => (
        <tr class={depth ? 'part' : ''}>
          <th scope="row">{title}</th>
          <td class="number">{countText(quantity)}</td>
          <td>
            <Share part={quantity} whole={props.total} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

const Share: FC<{ part: number; whole: number }> = ({ part, whole }) => (
  <svg class="bar" aria-hidden="true">
    <rect class="whole" width="100%" height="100%" />
    <rect width={`${whole ? Math.min(100, (100 * part) / whole) : 0}%`} height="100%" />
  </svg>
)

const Quota: FC<{ name: string; used: number; limit: number | null }> = ({ name, used, limit }) => (
  <li>
    <span>{name}</span>
    <span class="number">
      {countText(used)} {limit === null ? 'events, without a limit' : `of ${countText(limit)} events`}
    </span>
    {limit !== null && <Share part={used} whole={limit} />}
  </li>
)

const Store: FC<{ condition: Condition; isHealthy: boolean }> = ({ condition, isHealthy }) => {
  const { commitMs, databaseBytes, freeBytes, queuedBytes } = condition
  return (
    <section>
      <h2>Store</h2>
      <p class="note dim">Of the whole collector.</p>
      <dl class="values">
        <Fact name="State" value={isHealthy ? 'Reads and writes get through' : 'Does not answer'} />
        <Fact name="On disk" value={bytesText(databaseBytes)} />
        <Fact name="Free on that disk" value={bytesText(freeBytes)} />
        <Fact name="Waiting to be written" value={bytesText(queuedBytes)} />
        <Fact name="Last transaction" value={`${commitMs.toFixed(1)} ms`} />
      </dl>
    </section>
  )
}

const Fact: FC<{ name: string; value: string }> = ({ name, value }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

function bytesText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  const at = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${(bytes / 1000 ** at).toFixed(at ? 1 : 0)} ${units[at]}`
}
