import type { FC } from 'hono/jsx'
import { keysPath, settingsPath } from '../paths.ts'
import { INBOUND_FILTERS, type InboundFilter } from '../project.ts'
import { Field, Key, type SettingsProps } from './key-settings.tsx'
import { Csrf, type View } from './layout.tsx'

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

const ProjectForm: FC<SettingsProps> = ({ project, visitor }) => {
  const { retentionDays, eventsPerClientPerHour, scrubKeys, filters, keptPerError, keptInAll } =
    project.settings
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
          name="Events of one error that are kept in a second"
          hint="What is more is sampled, and counted by what is kept."
        >
          <input name="keptPerError" value={keptPerError} inputmode="numeric" required />
        </Field>
        <Field
          name="Events of all errors that are kept in a second"
          hint="Where so many errors are new at once."
        >
          <input name="keptInAll" value={keptInAll} inputmode="numeric" required />
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
