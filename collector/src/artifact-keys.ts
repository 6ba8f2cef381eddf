import { isObject } from './json.ts'
import type { ReceivedEvent, ReceivedFrame } from './received-event.ts'
import { remembered } from './remembered.ts'

// What artifacts are found by, as one text: a debug id, or else a release with the address of the file.

/** A file that an event has frames in. */
export interface WantedFile {
  /** As the browser knows it. */
  url: string
  debugId: string | undefined
  /** Where its artifact is looked for, in this order. */
  keys: string[]
}

/** No event has its frames in more files of its own. */
const MAX_FILES = 20

export const debugIdKey = (debugId: string): string => `id ${debugId.toLowerCase()}`
export const urlKey = (release: string, dist: string, url: string): string =>
  `url ${JSON.stringify([release, dist, url])}`

/** A key as people read it. */
export function keyText(key: string): string {
  if (key.startsWith('id ')) return `debug id ${key.slice(3)}`
  const [release, dist, url] = JSON.parse(key.slice(4)) as [string, string, string] // what urlKey made
  return `${url} of release ${release}${dist && ` (${dist})`}`
}

export const framesOf = ({ exception }: ReceivedEvent): ReceivedFrame[] =>
  (exception?.values ?? []).flatMap(({ stacktrace }) => stacktrace?.frames ?? [])

export const urlOf = ({ abs_path, filename }: ReceivedFrame): string => abs_path ?? filename ?? ''

/** Of a file of an event, by the address in its frames. */
export function createFileFinder(event: ReceivedEvent): (url: string) => WantedFile {
  const debugIds = debugIdsOf(event)
  const { release, dist = '' } = event
  return url => {
    const debugId = debugIds.get(url)
    const urls =
      release === undefined ? [] : spellingsOf(url).map(spelling => urlKey(release, dist, spelling))
    return { url, debugId, keys: [...(debugId === undefined ? [] : [debugIdKey(debugId)]), ...urls] }
  }
}

/** The files of the app's own frames, which decide on the event's group. */
export function wantedFiles(event: ReceivedEvent): WantedFile[] {
  const find = createFileFinder(event)
  const urls = new Set(
    framesOf(event)
      .filter(({ in_app }) => in_app)
      .map(urlOf),
  )
  return [...urls].slice(0, MAX_FILES).map(find)
}

/** From the most to the least exact: with its query, which may hold a version; `~` stands for any host. */
const spellingsOf = remembered((url): readonly string[] => {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return url ? [url] : []
  const { origin, pathname, search } = new URL(url)
  return [
    ...new Set([origin + pathname + search, origin + pathname, `~${pathname}${search}`, `~${pathname}`]),
  ]
})

function debugIdsOf({ debug_meta }: ReceivedEvent): Map<string, string> {
  const images =
    isObject(debug_meta) && Array.isArray(debug_meta.images) ? debug_meta.images.filter(isObject) : []
  return new Map(
    images.flatMap(({ code_file, debug_id }) =>
      typeof code_file === 'string' && typeof debug_id === 'string' ? [[code_file, debug_id]] : [],
    ),
  )
}
