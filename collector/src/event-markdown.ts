import type { Breadcrumb } from 'ohnoes/protocol'
import { facetsOf } from './facets.ts'
import { headlineOf } from './headline.ts'
import { valueText } from './value-text.ts'
import type { ReceivedEvent, ReceivedException, ReceivedFrame } from './received-event.ts'

// An event as text for an issue, a chat or a prompt. What came from a page stands in code, fenced by more backticks than
// it has itself, so that it stays text there, too.

const MAX_BREADCRUMBS = 20
const MAX_CONTEXT_LINES = 3

export function eventMarkdown(event: ReceivedEvent): string {
  const { type, value } = headlineOf(event)
  const exceptions = (event.exception?.values ?? []).toReversed()
  return [
    `# ${inline(type)}`,
    value && fenced(value),
    factsOf(event).join('\n'),
    ...exceptions.flatMap((exception, index) => [
      index > 0 && `## Caused by ${inline(exception.type || 'Error')}\n\n${fenced(exception.value)}`,
      stackOf(exception),
    ]),
    ...breadcrumbsOf(event),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n')
}

function factsOf(event: ReceivedEvent): string[] {
  const { browser, environment, os, release, url } = facetsOf(event)
  const facts: [string, string | undefined][] = [
    ['Event', event.event_id],
    ['Time', new Date(event.timestamp * 1000).toISOString()],
    ['Release', release],
    ['Environment', environment],
    ['URL', url],
    ['Browser', [browser, os].filter(Boolean).join(' on ')],
    ...Object.entries(event.tags ?? {}),
  ]
  return facts.flatMap(([name, value]) => (value ? [`- ${inline(name)}: ${inline(value)}`] : []))
}

function stackOf({ stacktrace }: ReceivedException): string | undefined {
  const frames = (stacktrace?.frames ?? []).toReversed()
  if (!frames.length) return undefined
  return `## Stack\n\n${fenced(frames.map(frameText).join('\n'))}`
}

function frameText(frame: ReceivedFrame): string {
  const { function: name, filename, module, lineno, colno, in_app } = frame
  const place = [filename ?? module ?? '(no file)', lineno, colno].filter(part => part !== undefined)
  const title = `${in_app ? '→' : ' '} ${name || '(anonymous)'} (${place.join(':')})`
  const vars = Object.entries(frame.vars ?? {}).map(([key, value]) => `      ${key} = ${valueText(value)}`)
  return [title, ...(in_app ? sourceOf(frame) : []), ...vars].join('\n')
}

function sourceOf({ pre_context, context_line, post_context }: ReceivedFrame): string[] {
  if (typeof context_line !== 'string') return []
  const lines = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
  return [
    ...lines(pre_context)
      .slice(-MAX_CONTEXT_LINES)
      .map(line => `      ${line}`),
    `    > ${context_line}`,
    ...lines(post_context)
      .slice(0, MAX_CONTEXT_LINES)
      .map(line => `      ${line}`),
  ]
}

function breadcrumbsOf({ breadcrumbs = [], timestamp }: ReceivedEvent): string[] {
  if (!breadcrumbs.length) return []
  const textOf = ({ category = '', data, message = '', timestamp: at }: Breadcrumb): string =>
    [
      at === undefined ? '' : `${(at - timestamp).toFixed(1)} s`,
      category,
      message,
      data ? JSON.stringify(data) : '',
    ]
      .filter(Boolean)
      .join('  ')
  return ['## Breadcrumbs', fenced(breadcrumbs.slice(-MAX_BREADCRUMBS).map(textOf).join('\n'))]
}

const fenced = (text: string): string => {
  const fence = backticksFor(text, 3)
  return `${fence}\n${text}\n${fence}`
}

/** In a span of code, on one line. */
const inline = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  const fence = backticksFor(line, 1)
  return line.includes('`') ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`
}

/** One backtick more than the longest run of them in the text. */
function backticksFor(text: string, atLeast: number): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0)
  return '`'.repeat(Math.max(atLeast, longest + 1))
}
