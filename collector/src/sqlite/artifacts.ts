import type { Artifact, ArtifactFiles, MissingArtifact } from '../artifact-store.ts'
import type { Page, PageRequest } from '../group-store.ts'
import type { Connection } from './schema.ts'

const MAX_MISSING = 100
export const ARTIFACT_COLUMNS = `id, content, name, debug_id AS debugId, release, dist, url, commit_id AS "commit", bundler,
  map_hash AS mapHash, map_bytes AS mapBytes, created_ms AS createdMs, used_ms AS usedMs, refused`

/** The rows are cast to what the statements select. */
export function artifactReads(db: Connection) {
  const selectByKey = db.prepare(
    `SELECT k.key, ${ARTIFACT_COLUMNS} FROM artifact_keys AS k
     JOIN artifacts AS a ON a.project = k.project AND a.id = k.artifact
     WHERE k.project = ? AND k.key IN (SELECT value FROM json_each(?))`,
  )
  const selectFiles = db.prepare('SELECT map, code FROM artifact_files WHERE project = ? AND content = ?')
  const selectPage = db.prepare(
    `SELECT ${ARTIFACT_COLUMNS} FROM artifacts
     WHERE project = @project AND (@at IS NULL OR (created_ms, id) < (@at, @id))
     ORDER BY created_ms DESC, id DESC LIMIT @limit`,
  )
  const selectMissing = db.prepare(
    `SELECT key, file, count(*) AS stacks, max(last_seen_ms) AS lastSeenMs
     FROM wanted_artifacts AS w
     JOIN fingerprints AS f ON f.project = w.project AND f.id = w.fingerprint
     WHERE w.project = ? AND priority = 0
       AND NOT EXISTS (SELECT 1 FROM wanted_artifacts AS other
                       JOIN artifact_keys AS k ON k.project = other.project AND k.key = other.key
                       WHERE other.project = w.project AND other.fingerprint = w.fingerprint AND other.file = w.file)
     GROUP BY key, file ORDER BY stacks DESC, lastSeenMs DESC LIMIT ${MAX_MISSING}`,
  )
  return {
    findArtifacts(project: string, keys: string[]): Record<string, Artifact> {
      const rows = selectByKey.all(project, JSON.stringify(keys)) as (Artifact & { key: string })[]
      return Object.fromEntries(rows.map(({ key, ...artifact }) => [key, artifact]))
    },
    artifactFiles: (project: string, content: string): ArtifactFiles | null =>
      (selectFiles.get(project, content) as ArtifactFiles | undefined) ?? null,
    artifacts(project: string, { after, limit }: PageRequest): Page<Artifact> {
      const bounds = { project, at: after?.at ?? null, id: after?.id ?? null, limit: limit + 1 }
      const found = selectPage.all(bounds) as Artifact[]
      const rows = found.slice(0, limit)
      const last = rows.at(-1)
      return { rows, next: found.length > limit && last ? { at: last.createdMs, id: last.id } : null }
    },
    missingArtifacts: (project: string) => selectMissing.all(project) as MissingArtifact[],
  }
}

export function artifactWrites(db: Connection) {
  const insert = db.prepare(
    `INSERT INTO artifacts (project, id, content, name, debug_id, release, dist, url, commit_id, bundler,
       map_hash, map_bytes, created_ms, used_ms, refused)
     VALUES (@project, @id, @content, @name, @debugId, @release, @dist, @url, @commit, @bundler,
       @mapHash, @mapBytes, @createdMs, @usedMs, @refused)
     ON CONFLICT (project, id) DO UPDATE SET created_ms = excluded.created_ms, refused = excluded.refused`,
  )
  const insertFiles = db.prepare(
    'INSERT INTO artifact_files (project, content, map, code) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const upsertKey = db.prepare(
    `INSERT INTO artifact_keys (project, key, artifact) VALUES (?, ?, ?)
     ON CONFLICT (project, key) DO UPDATE SET artifact = excluded.artifact`,
  )
  const insertKey = db.prepare(
    'INSERT INTO artifact_keys (project, key, artifact) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const markUsed = db.prepare(
    'UPDATE artifacts SET used_ms = max(used_ms, ?) WHERE project = ? AND id IN (SELECT value FROM json_each(?))',
  )
  const selectContent = db.prepare('SELECT content FROM artifacts WHERE project = ? AND id = ?').pluck()
  const removeRow = db.prepare('DELETE FROM artifacts WHERE project = ? AND id = ?')
  const removeKeys = db.prepare('DELETE FROM artifact_keys WHERE project = ? AND artifact = ?')
  const removeFiles = db.prepare(
    `DELETE FROM artifact_files WHERE project = @project AND content = @content
     AND NOT EXISTS (SELECT 1 FROM artifacts WHERE project = @project AND content = @content)`,
  )

  const add = (project: string, artifact: Artifact, files: ArtifactFiles | null, keys: string[]): void => {
    insert.run({ project, ...artifact })
    if (files) insertFiles.run(project, artifact.content, files.map, files.code)
    // One that cannot be read takes no other's place.
    for (const key of keys) (files ? upsertKey : insertKey).run(project, key, artifact.id)
  }
  const remove = (project: string, id: string): boolean => {
    const content = selectContent.get(project, id) as string | undefined
    if (content === undefined) return false
    removeRow.run(project, id)
    removeKeys.run(project, id)
    removeFiles.run({ project, content })
    return true
  }
  return {
    addArtifact: db.transaction(add).immediate,
    removeArtifact: db.transaction(remove).immediate,
    markArtifactsUsed: (project: string, ids: string[], atMs: number): void =>
      void markUsed.run(atMs, project, JSON.stringify(ids)),
  }
}
