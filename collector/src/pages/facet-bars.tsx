import type { FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import { type Facet, TAG_PREFIX } from '../facets.ts'
import type { FacetValue, FacetValues } from '../group-store.ts'
import { groupsPath } from '../paths.ts'
import type { Project } from '../project.ts'

const SHOWN = 5

const TITLES: Record<Facet, string> = {
  release: 'Release',
  environment: 'Environment',
  browser: 'Browser',
  os: 'System',
  url: 'Address',
  level: 'Level',
  handled: 'Handled',
}

/** How a group's events spread over releases, browsers, tags; each value leads to the groups that have it, too. */
export const Facets: FC<{ project: Project; facets: FacetValues[] }> = ({ project, facets }) => {
  const [single, several] = [facets.filter(isSame), facets.filter(facet => !isSame(facet))]
  return (
    <section class="facets">
      <h2 class="hidden">Events by</h2>
      {several.map(facet => (
        <FacetBars {...{ project, facet }} />
      ))}
      {single.length > 0 && (
        <div class="facet">
          <h3>The same in all events</h3>
          <dl class="same">
            {single.map(({ key, values }) => (
              <div>
                <dt>{titleOf(key)}</dt>
                <dd>
                  <ValueLink {...{ project, facetKey: key, value: values[0]?.value ?? '' }} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </section>
  )
}

const isSame = ({ distinct, isCut }: FacetValues): boolean => distinct === 1 && !isCut

const FacetBars: FC<{ project: Project; facet: FacetValues }> = ({ project, facet }) => {
  const { key, values, distinct, isCut, events } = facet
  const [shown, more] = [values.slice(0, SHOWN), values.slice(SHOWN)]
  const others = distinct - values.length
  return (
    <div class="facet">
      <h3>{titleOf(key)}</h3>
      <ul>
        {shown.map(value => (
          <Bar {...{ project, facetKey: key, value, total: events }} />
        ))}
      </ul>
      {more.length > 0 && (
        <details>
          <summary>
            {isCut ? 'more than ' : ''}
            {countText(distinct - SHOWN)} more
          </summary>
          <ul>
            {more.map(value => (
              <Bar {...{ project, facetKey: key, value, total: events }} />
            ))}
          </ul>
          {others > 0 && <p class="note dim">and {countText(others)} rarer ones</p>}
        </details>
      )}
    </div>
  )
}

const Bar: FC<{ project: Project; facetKey: string; value: FacetValue; total: number }> = props => {
  const { project, facetKey, value, total } = props
  const percent = Math.round((100 * value.events) / total)
  return (
    <li>
      <ValueLink {...{ project, facetKey, value: value.value }} />
      <span class="number" title={`${countText(value.events)} of ${countText(total)} events`}>
        {percent || '<1'}%
      </span>
      <svg class="bar" aria-hidden="true">
        <rect class="whole" width="100%" height="100%" />
        <rect width={`${Math.max(1, percent)}%`} height="100%" />
      </svg>
    </li>
  )
}

const ValueLink: FC<{ project: Project; facetKey: string; value: string }> = props => (
  <a
    href={groupsPath(props.project, { query: `${nameOf(props.facetKey)}:${quoted(props.value)}` })}
    title={props.value}
  >
    {props.value}
  </a>
)

/** As a search has it. */
const nameOf = (key: string): string => (key.startsWith(TAG_PREFIX) ? key.slice(TAG_PREFIX.length) : key)
const titleOf = (key: string): string => (Object.hasOwn(TITLES, key) ? TITLES[key as Facet] : nameOf(key)) // just tested

/** As the search reads it; it has no word for a quotation mark, for which `*` stands. */
const quoted = (value: string): string => (/[\s":]/.test(value) ? `"${value.replaceAll('"', '*')}"` : value)
