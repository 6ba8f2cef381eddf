import type { Child, FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import { keyPath } from '../paths.ts'
import { dsnOf, isUsable, type Project, type ProjectKey } from '../project.ts'
import { Csrf, type Visitor } from './layout.tsx'
import { Snippet } from './snippet.tsx'
import { Ago, At } from './time.tsx'

export interface SettingsProps {
  project: Project
  /** Events that came by each key in this hour. */
  usage: Map<string, number>
  origin: string
  nowMs: number
  visitor: Visitor
  problem?: string | undefined
}

/** One key: its DSN, what came by it, and what can be changed of it. */
export const Key: FC<SettingsProps & { projectKey: ProjectKey }> = props => {
  const { project, projectKey, usage, origin, nowMs, visitor } = props
  const { key, label, eventsPerHour, createdMs } = projectKey
  const used = countText(usage.get(key) ?? 0)
  return (
    <div class={`key ${isUsable(projectKey, nowMs) ? '' : 'off'}`}>
      <p class="key-title">
        <strong>{label || 'Key'}</strong>
        <KeyState projectKey={projectKey} nowMs={nowMs} />
        <span class="dim">
          {used} {eventsPerHour === null ? '' : `of ${countText(eventsPerHour)} `}events this hour
        </span>
        <span class="dim">
          made <Ago ms={createdMs} nowMs={nowMs} />
        </span>
      </p>
      <Snippet text={dsnOf({ ...project, keys: [projectKey] }, origin)} />
      <details>
        <summary>Change</summary>
        <form method="post" action={keyPath(project, key)} class="fields">
          <Csrf visitor={visitor} />
          <KeyFields {...projectKey} />
          <p class="buttons">
            <button class="primary" name="action" value="save">
              Save
            </button>
            <button name="action" value="rotate" title="Makes a key like it; this one works for 7 days more">
              Rotate
            </button>
            <button name="action" value="delete" class="danger">
              Delete
            </button>
          </p>
        </form>
      </details>
    </div>
  )
}

const KeyState: FC<{ projectKey: ProjectKey; nowMs: number }> = ({ projectKey, nowMs }) => {
  const { isEnabled, expiresMs } = projectKey
  if (!isEnabled) return <span class="badge">Off</span>
  if (expiresMs === null) return null
  if (expiresMs <= nowMs) return <span class="badge">Ended</span>
  return (
    <span class="badge warning">
      until <At ms={expiresMs} />
    </span>
  )
}

const KeyFields: FC<ProjectKey> = ({ label, isEnabled, origins, eventsPerHour }) => (
  <>
    <Field name="What it is for">
      <input name="label" value={label} maxlength={100} />
    </Field>
    <Field
      name="Pages that may report by it"
      hint="Origins like https://shop.example or https://*.shop.example, one a line; none for all."
    >
      <textarea name="origins" rows={2}>
        {origins.join('\n')}
      </textarea>
    </Field>
    <Field name="Events in an hour" hint="Empty for no limit.">
      <input name="eventsPerHour" value={eventsPerHour ?? ''} inputmode="numeric" />
    </Field>
    <Field name="State">
      <select name="isEnabled">
        <option value="yes" selected={isEnabled}>
          On
        </option>
        <option value="no" selected={!isEnabled}>
          Off
        </option>
      </select>
    </Field>
  </>
)

/** A field of a form under its name. */
export const Field: FC<{ name: string; hint?: string; children?: Child }> = ({ name, hint, children }) => (
  <label class="field">
    <span>{name}</span>
    {children}
    {hint && <span class="hint">{hint}</span>}
  </label>
)
