import type { ReceivedEvent } from './received-event.ts'

/** Errors that are one problem wherever they happen. */
export interface KnownError {
  reason: 'chunk_load' | 'hydration'
  title: string
}

const KNOWN: (KnownError & { type?: RegExp; value: RegExp })[] = [
  {
    reason: 'chunk_load',
    title: 'Part of the application could not be loaded',
    type: /^ChunkLoadError$/,
    value:
      /^Loading (?:CSS )?chunk [^\n]{1,200} failed|^(?:Failed to fetch|error loading) dynamically imported module|^Importing a module script failed|^Unable to preload CSS for /i,
  },
  {
    reason: 'hydration',
    title: 'The page was rendered differently in the browser than on the server',
    value:
      /^Hydration (?:failed|node|text|class|style|attribute|children|completed)|^(?:There was an error|An error occurred) (?:while|during) hydrat|^Text content does not match server-rendered HTML|^(?:Text content|Prop `[^`\n]{1,200}`) did not match\. Server:|^Expected server HTML to contain|^Minified React error #(?:418|419|421|422|423|425)\b|^hydration_mismatch|^(?:Error: )?NG050[0-7]\b|svelte\.dev\/e\/hydration_/i,
  },
]

/** The kind that an event's captured error is of; undefined for most. */
export function knownErrorOf(event: ReceivedEvent): KnownError | undefined {
  const root = event.exception?.values.at(-1)
  if (!root) return undefined
  return KNOWN.find(({ type, value }) => type?.test(root.type) || value.test(root.value))
}
