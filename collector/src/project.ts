export interface Project {
  /** As in the DSN's path. */
  id: string
  name: string
  /** The public part of the DSN; it lets a page report, and nothing else. */
  key: string
}

/** The DSN under which a page reports to this collector. */
export function dsnOf(project: Project, origin: string): string {
  const url = new URL(origin)
  return `${url.protocol}//${project.key}@${url.host}/${project.id}`
}
