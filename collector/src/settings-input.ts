import { quote } from './cut.ts'
import {
  INBOUND_FILTERS,
  type InboundFilter,
  type KeyChange,
  type ProjectChange,
  type ProjectSettings,
} from './project.ts'

// Settings as people write them, on the command line and in the dashboard's forms: texts by name. What is left out
// stays as it is; `none` and an empty text take a limit away.

export type SettingsInput = Record<string, string | string[] | undefined>
export type ReadSettings<Change> = { ok: true; change: Change } | { ok: false; message: string }

const MAX_NAME_LENGTH = 100
const MAX_LIST_LENGTH = 100
const MAX_RETENTION_DAYS = 3650
const MAX_KEPT_PER_S = 100_000
const MAX_EVENTS_PER_HOUR = 1_000_000_000

/** A change of `name`, `retentionDays`, `eventsPerClientPerHour`, `scrubKeys`, `filters`, `keptPerError`, `keptInAll`. */
export const readProjectChange = (input: SettingsInput): ReadSettings<ProjectChange> =>
  readAll(() => {
    const settings: Partial<ProjectSettings> = {
      ...field(input, 'retentionDays', text => wholeNumber(text, MAX_RETENTION_DAYS)),
      ...field(input, 'eventsPerClientPerHour', limit),
      ...field(input, 'scrubKeys', listOf(word)),
      ...field(input, 'filters', listOf(filter)),
      ...field(input, 'keptPerError', text => wholeNumber(text, MAX_KEPT_PER_S)),
      ...field(input, 'keptInAll', text => wholeNumber(text, MAX_KEPT_PER_S)),
    }
    return { ...field(input, 'name', name), ...(Object.keys(settings).length && { settings }) }
  })

/** A change of `label`, `isEnabled`, `origins`, `eventsPerHour`. */
export const readKeyChange = (input: SettingsInput): ReadSettings<KeyChange> =>
  readAll(() => ({
    ...field(input, 'label', label),
    ...field(input, 'isEnabled', yesOrNo),
    ...field(input, 'origins', listOf(origin)),
    ...field(input, 'eventsPerHour', limit),
  }))

class Unreadable extends Error {}

function readAll<Change>(read: () => Change): ReadSettings<Change> {
  try {
    return { ok: true, change: read() }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message }
    throw error
  }
}

/** The field alone in an object, or an empty one where the input lacks it. */
function field<Name extends string, Value>(
  input: SettingsInput,
  key: Name,
  read: (text: string) => Value,
): Partial<Record<Name, Value>> {
  const given = input[key]
  if (given === undefined) return {}
  try {
    // `as`: the computed key is a plain string to TypeScript.
    return { [key]: read(Array.isArray(given) ? given.join('\n') : given.trim()) } as Record<Name, Value>
  } catch (error) {
    if (error instanceof Unreadable) throw new Unreadable(`${key}: ${error.message}`)
    throw error
  }
}

function fail(text: string, wanted: string): never {
  throw new Unreadable(`${quote(text)} is none: give ${wanted}.`)
}

function name(text: string): string {
  return text && text.length <= MAX_NAME_LENGTH ? text : fail(text, `1 to ${MAX_NAME_LENGTH} characters`)
}

const label = (text: string): string => (text ? name(text) : '')

function wholeNumber(text: string, max: number): number {
  const number = Number(text)
  return text && Number.isInteger(number) && number >= 1 && number <= max
    ? number
    : fail(text, `a whole number from 1 to ${max}`)
}

const limit = (text: string): number | null =>
  text === '' || text === 'none' ? null : wholeNumber(text, MAX_EVENTS_PER_HOUR)

function yesOrNo(text: string): boolean {
  if (['yes', 'on', 'true'].includes(text)) return true
  return ['no', 'off', 'false'].includes(text) ? false : fail(text, 'yes or no')
}

/** Items between commas and white space, each once. */
const listOf =
  <Item>(read: (text: string) => Item) =>
  (text: string): Item[] => {
    const items = [...new Set(text.split(/[\s,]+/).filter(Boolean))]
    if (items.length > MAX_LIST_LENGTH) fail(`${items.length} items`, `at most ${MAX_LIST_LENGTH}`)
    return items.map(read)
  }

function word(text: string): string {
  return /[a-z0-9]/i.test(text) && text.length <= MAX_NAME_LENGTH
    ? text
    : fail(text, 'words of letters and digits')
}

function filter(text: string): InboundFilter {
  return INBOUND_FILTERS.find(known => known === text) ?? fail(text, `some of ${INBOUND_FILTERS.join(', ')}`)
}

function origin(text: string): string {
  return /^https?:\/\/(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/.test(text)
    ? text
    : fail(text, 'origins like https://shop.example or https://*.shop.example')
}
