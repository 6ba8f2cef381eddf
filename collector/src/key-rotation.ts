import type { ProjectKey } from './project.ts'
import type { ProjectStore } from './project-store.ts'

const DAY_MS = 86_400_000
/** So long the pages that are open have to be loaded anew. */
export const DEFAULT_GRACE_DAYS = 7

/** Makes a key like the old one, which works for so many days more. */
export async function rotateKey(
  store: ProjectStore,
  { projectId, old, endsMs }: { projectId: string; old: ProjectKey; endsMs: number },
): Promise<ProjectKey> {
  const { label, origins, eventsPerHour } = old
  const key = await store.createKey(projectId, { label, origins, eventsPerHour })
  await store.updateKey(projectId, old.key, { expiresMs: endsMs })
  return key
}

export const graceEndMs = (nowMs: number, graceDays = DEFAULT_GRACE_DAYS): number =>
  nowMs + graceDays * DAY_MS
