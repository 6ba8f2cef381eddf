import type { FC } from 'hono/jsx'
import { countText, estimateText, intervalText } from '../count-text.ts'
import { type CrashFree, crashFreeByDay, crashFreeOf } from '../crash-free.ts'
import type { View } from './layout.tsx'
import { vitalsPath } from '../paths.ts'
import type { Project } from '../project.ts'
import type { SessionCounts, VitalSummaries, VitalSummary } from '../store.ts'
import { At } from './time.tsx'
import { type Rating, ratingOf, VITAL_NAMES, type VitalName, VITALS, vitalText } from '../vitals.ts'

const SPANS = [1, 7, 30]
const RATING_CLASSES: Record<Rating, string> = { good: 'good', 'needs improvement': 'fair', poor: 'poor' }

interface VitalsPageProps {
  project: Project
  days: number
  sinceMs: number
  vitals: VitalSummaries
  sessions: SessionCounts
}

export const vitalsView = (props: VitalsPageProps): View => ({
  title: `Vitals of ${props.project.name}`,
  project: props.project,
  section: 'vitals',
  body: <VitalsPage {...props} />,
})

const VitalsPage: FC<VitalsPageProps> = ({ project, days, sinceMs, vitals, sessions }) => (
  <>
    <div class="heading">
      <h1>Web vitals</h1>
      <nav class="tabs" aria-label="Time">
        {SPANS.map(span => (
          <a
            href={vitalsPath(project, { days: String(span) })}
            aria-current={span === days ? 'true' : undefined}
          >
            {span === 1 ? '1 day' : `${span} days`}
          </a>
        ))}
      </nav>
    </div>
    {vitals.rows.length ? <Vitals {...vitals} isCut={vitals.sinceMs > sinceMs} /> : <NoVitals />}
    <section>
      <h2>Crash-free sessions</h2>
      {sessions.releases.length ? <CrashFreeTables {...sessions} /> : <NoSessions />}
    </section>
  </>
)

const Vitals: FC<VitalSummaries & { isCut: boolean }> = ({ rows, sinceMs, isCut }) => {
  const pages = [...new Set(rows.map(({ page }) => page))]
  return (
    <>
      <p class="note dim">
        75th percentile since <At ms={sinceMs} />
        {isCut && ' (the latest measurements only; there are too many to read back further)'}: three of four
        visits were at least that good. Sampled visits count by their weight.
      </p>
      <div class="table vitals" role="table" aria-label="Web vitals by page">
        <div class="head" role="row">
          <span role="columnheader">Page</span>
          {VITAL_NAMES.map(name => (
            <span role="columnheader" title={thresholdText(name)}>
              {name}
            </span>
          ))}
        </div>
        {pages.map(page => (
          <div class="row" role="row">
            <span class="what" role="rowheader">
              {page}
            </span>
            {VITAL_NAMES.map(name => (
              <VitalCell name={name} vital={rows.find(row => row.page === page && row.name === name)} />
            ))}
          </div>
        ))}
      </div>
    </>
  )
}

const VitalCell: FC<{ name: VitalName; vital: VitalSummary | undefined }> = ({ name, vital }) => {
  if (!vital)
    return (
      <span class="missing dim" role="cell">
        –
      </span>
    )
  const rating = ratingOf(name, vital.p75)
  return (
    <span role="cell" data-metric={name}>
      <strong>{vitalText(name, vital.p75)}</strong>
      <span class={`rating ${RATING_CLASSES[rating]}`}>{rating}</span>
      <span class="samples">
        {countText(vital.samples)} {vital.samples === 1 ? 'sample' : 'samples'}
      </span>
    </span>
  )
}

const CrashFreeTables: FC<SessionCounts> = ({ releases, all }) => (
  <>
    <CrashFreeTable
      heading="Release"
      rows={releases.map(({ release, counts }) => ({
        name: release ?? '(no release)',
        ...crashFreeOf(counts),
      }))}
    />
    <h3>By day</h3>
    <CrashFreeTable
      heading="Day (UTC)"
      rows={crashFreeByDay(all)
        .reverse()
        .map(({ day, ...crashFree }) => ({ name: day, ...crashFree }))}
    />
  </>
)

const CrashFreeTable: FC<{ heading: string; rows: ({ name: string } & CrashFree)[] }> = props => (
  <div
    class="table crash-free"
    role="table"
    aria-label={`Crash-free sessions by ${props.heading.toLowerCase()}`}
  >
    <div class="head" role="row">
      <span role="columnheader">{props.heading}</span>
      <span role="columnheader">Crash-free</span>
      <span role="columnheader">Sessions</span>
      <span role="columnheader">Rests on</span>
    </div>
    {props.rows.map(({ name, crash_free, sessions, kept }) => (
      <div class="row" role="row">
        <span class="what" role="rowheader">
          {name}
        </span>
        <span class="number" role="cell" data-unit="crash-free">
          {shareText(crash_free)}
        </span>
        <span class="number" role="cell" data-unit="sessions" title={intervalText(sessions)}>
          {estimateText(sessions)}
        </span>
        <span class="number dim" role="cell">
          {countText(kept.crashed)} of {countText(kept.sessions)} crashed
        </span>
      </div>
    ))}
  </div>
)

const NoVitals: FC = () => (
  <p class="note">
    None were measured in this time. Turn them on in the page with <code>data-vitals</code> on the script tag,
    or with <code>{'init({ vitals: true })'}</code>.
  </p>
)

const NoSessions: FC = () => <p class="note">No session of this time was reported.</p>

/** Rounded down, so that only what is free of crashes reads 100 %. */
const shareText = (share: number): string => `${Math.floor(share * 10_000 + 1e-6) / 100} %`

function thresholdText(name: VitalName): string {
  const { good, fair } = VITALS[name]
  return `good up to ${vitalText(name, good)}, poor above ${vitalText(name, fair)}`
}
