import { createHash } from 'node:crypto'
import { type FunctionScope, originalScopes } from './function-scopes.ts'

// The functions of original files, parsed when a frame is first shown in one.

const MAX_CONTENT_LENGTH = 1_000_000
const MAX_FILES = 100

interface ParsedFile {
  lineStarts: number[]
  scopes: FunctionScope[] | null
}

/**
 * The name of the function around a 0-based position of a source: `''` for one without a name and for code of the module
 * itself, undefined where the source cannot be parsed.
 */
export type OriginalNames = (
  content: string,
  path: string,
  position: { line: number; column: number },
) => string | undefined

export function createOriginalNames(): OriginalNames {
  const files = new Map<string, ParsedFile>()
  return (content, path, { line, column }) => {
    if (content.length > MAX_CONTENT_LENGTH) return undefined
    const id = `${path} ${createHash('sha256').update(content).digest('base64')}`
    const file = files.get(id) ?? parsed(content, path)
    files.delete(id)
    files.set(id, file) // the latest used is the last
    for (const oldest of files.keys()) {
      if (files.size <= MAX_FILES) break
      files.delete(oldest)
    }
    const at = (file.lineStarts[line] ?? content.length) + column
    return file.scopes ? nameOf(file.scopes.findLast(({ start, end }) => start <= at && at < end)) : undefined
  }
}

function parsed(content: string, path: string): ParsedFile {
  const lineStarts = [0]
  for (const { index, 0: end } of content.matchAll(/\r\n|[\n\r\u2028\u2029]/g))
    lineStarts.push(index + end.length)
  return { lineStarts, scopes: originalScopes(content, path) }
}

function nameOf(scope: FunctionScope | undefined): string {
  if (!scope) return ''
  const { token, owner, kind } = scope
  if (kind === 'constructor') return owner ? `new ${owner.text}` : ''
  if (!token) return ''
  return owner ? `${owner.text}.${token.text}` : token.text
}
