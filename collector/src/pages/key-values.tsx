import type { FC } from 'hono/jsx'
import type { JsonObject } from '../json.ts'

/** Data as a table of names and values; what is not text is shown as JSON. */
export const KeyValues: FC<{ values: JsonObject }> = ({ values }) => (
  <dl class="values">
    {Object.entries(values).map(([key, value]) => (
      <div>
        <dt>{key}</dt>
        <dd class={typeof value}>{valueText(value)}</dd>
      </div>
    ))}
  </dl>
)

const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'undefined')
