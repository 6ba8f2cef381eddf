import type { Meta } from 'ohnoes/protocol'
import { isObject, type JsonObject } from './json.ts'

const MAX_MARKS = 200
const MAX_META_BYTES = 16 * 1024

/** Where a value is in its event, from the inside out: a list would be copied for every value there is. */
export interface Path {
  key: string | number
  parent: Path | undefined
}

export const at = (parent: Path | undefined, key: string | number): Path => ({ key, parent })
export const pathOf = (...keys: (string | number)[]): Path | undefined =>
  keys.reduce<Path | undefined>(at, undefined)

/** Why a value is not what was sent: `x` removed, `s` replaced. */
export interface Mark {
  rule: '!limit' | '!invalid' | '!clamped' | '!clock_drift'
  kind: 'x' | 's'
  /** The length before, in the value's own unit (characters, entries). */
  length?: number
}

/** Collects what was changed in an event and writes it down in the shape of Sentry's `_meta`. */
export class Marks {
  readonly #marks: [Path | undefined, Mark][] = []

  add(path: Path | undefined, mark: Mark): void {
    if (this.#marks.length < MAX_MARKS) this.#marks.push([path, mark])
  }

  /** The client's own `_meta` with ours on top; undefined when there is nothing to say. */
  toMeta(fromClient: JsonObject): Meta | undefined {
    // `as`: what else a client may have put there is passed on as it is.
    const root = fromClient as Meta
    for (const [path, mark] of this.#marks) {
      const note = childOf(nodeAt(root, path), '') as NonNullable<Meta['']>
      const remarks: unknown = note.rem
      note.rem = [...(Array.isArray(remarks) ? (remarks as []) : []), [mark.rule, mark.kind]]
      if (mark.length !== undefined) note.len = mark.length
    }
    if (!Object.keys(root).length) return undefined
    return Buffer.byteLength(JSON.stringify(root)) > MAX_META_BYTES
      ? { '': { rem: [['!limit', 'x']] } }
      : root
  }
}

const nodeAt = (root: Meta, path: Path | undefined): Meta =>
  path ? childOf(nodeAt(root, path.parent), path.key) : root

function childOf(node: Meta, key: string | number): Meta {
  const child: unknown = Object.hasOwn(node, key) ? node[key] : undefined
  if (isObject(child)) return child as Meta
  const created: Meta = {}
  node[key] = created
  return created
}
