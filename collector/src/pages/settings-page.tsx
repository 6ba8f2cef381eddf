import type { Child, FC } from 'hono/jsx'
import { countText } from '../count-text.ts'
import { keyPath, keysPath, settingsPath } from '../paths.ts'
import {
  dsnOf,
  INBOUND_FILTERS,
  type InboundFilter,
  isUsable,
  type Project,
  type ProjectKey,
} from '../project.ts'
import { Csrf, type View, type Visitor } from './layout.tsx'
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

const FILTERS: Record<InboundFilter, string> = {
  extensions: 'Errors of browser extensions',
  crawlers: 'Crawlers',
  'legacy-browsers': 'Browsers too old to matter',
  localhost: 'Pages on localhost',
}

export const settingsView = (props: SettingsProps): View => ({
  title: `Settings of ${props.project.name}`,
  project: props.project,
  section: 'settings',
  body: <Settings {...props} />,
})

const Settings: FC<SettingsProps> = props => {
  const { project, problem, visitor } = props
  return (
    <div class="settings">
      <h1>Settings</h1>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <section>
        <h2>Keys</h2>
        <p class="note dim">
          A page reports by the DSN of a key. The key is public: it lets a page report, and nothing else.
        </p>
        {project.keys.map(projectKey => (
          <Key {...props} projectKey={projectKey} />
        ))}
        <form method="post" action={keysPath(project)} class="inline">
          <Csrf visitor={visitor} />
          <input
            name="label"
            placeholder="What the key is for"
            aria-label="What the key is for"
            maxlength={100}
          />
          <button>Add a key</button>
        </form>
      </section>
      <ProjectForm {...props} />
      <section>
        <h2>Another project</h2>
        <form method="post" action="/projects" class="inline">
          <Csrf visitor={visitor} />
          <input name="name" required placeholder="Its name" aria-label="Its name" maxlength={100} />
          <button>Create</button>
        </form>
      </section>
    </div>
  )
}

const Key: FC<SettingsProps & { projectKey: ProjectKey }> = props => {
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

const ProjectForm: FC<SettingsProps> = ({ project, visitor }) => {
  const { retentionDays, eventsPerClientPerHour, scrubKeys, filters } = project.settings
  return (
    <section>
      <h2>Project</h2>
      <form method="post" action={settingsPath(project)} class="fields">
        <Csrf visitor={visitor} />
        <Field name="Name">
          <input name="name" value={project.name} required maxlength={100} />
        </Field>
        <Field name="Days that events are kept" hint="What was counted of them stays.">
          <input name="retentionDays" value={retentionDays} inputmode="numeric" required />
        </Field>
        <Field
          name="Events of one session in an hour"
          hint="Ten times as many may come from one address. Empty for no limit."
        >
          <input name="eventsPerClientPerHour" value={eventsPerClientPerHour ?? ''} inputmode="numeric" />
        </Field>
        <Field
          name="Secret words"
          hint="Values under keys with these words are not stored, as with password, token and the like."
        >
          <textarea name="scrubKeys" rows={2}>
            {scrubKeys.join('\n')}
          </textarea>
        </Field>
        <fieldset>
          <legend>Thrown away on arrival, and counted</legend>
          {INBOUND_FILTERS.map(filter => (
            <label>
              <input type="checkbox" name="filters" value={filter} checked={filters.includes(filter)} />{' '}
              {FILTERS[filter]}
            </label>
          ))}
        </fieldset>
        <p class="buttons">
          <button class="primary">Save</button>
        </p>
      </form>
    </section>
  )
}

const Field: FC<{ name: string; hint?: string; children?: Child }> = ({ name, hint, children }) => (
  <label class="field">
    <span>{name}</span>
    {children}
    {hint && <span class="hint">{hint}</span>}
  </label>
)
