import type { FC } from 'hono/jsx'
import type { JsonObject } from '../json.ts'
import { kindOf, valueText } from '../value-text.ts'

/** The local variables of a frame, each on one line as consoles show it. */
export const Variables: FC<{ values: JsonObject }> = ({ values }) => (
  <dl class="values variables">
    {Object.entries(values).map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd class={kindOf(value)}>{valueText(value)}</dd>
      </div>
    ))}
  </dl>
)
