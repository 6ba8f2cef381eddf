import { quote } from './cut.ts'
import { HttpError } from './http-error.ts'
import { hourOf, type Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { Project } from './project.ts'
import type { Store } from './store.ts'

const REFRESH_MS = 2000

/** The projects of the store, at hand without a question to it: as of two seconds ago at most. */
export interface Projects {
  /** Throws a 404 where there is none of that id. */
  find(id: string): Project
  all(): readonly Project[]
  /** Call it after a change of one's own. */
  refresh(): Promise<void>
  close(): void
}

/** Follows what the store says of projects and of how much of their quotas is used. */
export async function followProjects({
  store,
  limits,
  now,
  log,
}: {
  store: Store
  limits: Limits
  now: () => number
  log: Log
}): Promise<Projects> {
  let projects: Project[] = []
  let seen = ''
  const refresh = async (): Promise<void> => {
    const hour = hourOf(now())
    const [found, usage] = await Promise.all([store.projects(), store.keyUsage(hour)])
    limits.learn(usage, hour)
    const text = JSON.stringify(found)
    // The same objects while nothing changes: what is made of their settings is kept by them.
    if (text !== seen) projects = found
    seen = text
  }
  await refresh()
  let isFailing = false
  const timer = setInterval(() => {
    refresh().then(
      () => (isFailing = false),
      (cause: unknown) => {
        if (!isFailing) log({ level: 'error', message: 'The projects could not be read again.', cause })
        isFailing = true
      },
    )
  }, REFRESH_MS)
  timer.unref()

  return {
    find(id) {
      const project = projects.find(candidate => candidate.id === id)
      if (project) return project
      throw new HttpError(
        404,
        'unknown_project',
        `There is no project ${quote(id)}: copy the DSN from the dashboard.`,
      )
    },
    all: () => projects,
    refresh,
    close: () => clearInterval(timer),
  }
}
