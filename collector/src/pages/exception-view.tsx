import type { FC } from 'hono/jsx'
import { isObject } from '../json.ts'
import type { ReceivedException, ReceivedFrame } from '../received-event.ts'
import { KeyValues } from './key-values.tsx'
import { Variables } from './variables.tsx'

interface ExceptionProps {
  exception: ReceivedException
  isRoot: boolean
  /** Whether the frames are shown as they were sent. */
  isRaw: boolean
  /** The page that says how they were resolved. */
  explainedAt: string
}

/** One link of the cause chain: what it is, how it reached us, its own properties, its frames newest first. */
export const ExceptionView: FC<ExceptionProps> = ({ exception, isRoot, isRaw, explainedAt }) => {
  const { mechanism, stacktrace, type, value } = exception
  const shown = (stacktrace?.frames ?? []).toReversed()
  const frames = isRaw ? shown.map(asSent) : shown
  const own = mechanism?.data ?? {}
  const isResource = mechanism?.type === 'resource'
  return (
    <section class="exception">
      {!isRoot && (
        <h2 class="error">
          <span class="cause">{causeText(mechanism?.source)}</span>
          <strong>{type || 'Error'}</strong> <span class="value">{value}</span>
        </h2>
      )}
      {Object.keys(own).length > 0 && (
        <>
          <h3>{isResource ? 'Resource' : 'Properties of the error'}</h3>
          <KeyValues values={own} />
        </>
      )}
      {frames.length > 0 ? (
        <>
          <h3>
            Stack{isRoot && mechanism && <span class="dim"> · caught by {mechanism.type}</span>}
            <span class="switch">
              {shown.some(isResolved) && <FramesSwitch isRaw={isRaw} />}
              <a href={explainedAt}>Explain</a>
            </span>
          </h3>
          <Frames frames={frames} hasLocals={Array.isArray(exception.ohnoes_locals)} />
          <Unresolved frames={shown} />
        </>
      ) : (
        !isResource && <p class="note dim">No stack came with it.</p>
      )}
    </section>
  )
}

const FramesSwitch: FC<{ isRaw: boolean }> = ({ isRaw }) => (
  <>
    <a href="?" aria-current={isRaw ? undefined : 'true'}>
      Original
    </a>
    <a href="?frames=raw" aria-current={isRaw ? 'true' : undefined}>
      As sent
    </a>
  </>
)

const isResolved = ({ symbolication }: ReceivedFrame): boolean =>
  isObject(symbolication) && symbolication.status === 'resolved'

/** A resolved frame as the browser saw it. */
function asSent(frame: ReceivedFrame): ReceivedFrame {
  if (!isResolved(frame) || !isObject(frame.raw)) return frame
  const { in_app, vars } = frame
  return { ...frame.raw, in_app, ...(vars && { vars }) }
}

const causeText = (source: string | undefined): string => {
  if (source === undefined || source === 'cause') return 'Caused by'
  return `From ${source}`
}

/** The app's own frames are open, what lies between them is folded. */
const Frames: FC<{ frames: ReceivedFrame[]; hasLocals: boolean }> = ({ frames, hasLocals }) => {
  const runs = runsOf(frames)
  // Where nothing is the app's own, there is nothing better to show.
  const isAllForeign = frames.every(frame => !frame.in_app)
  return (
    <ol class="frames">
      {runs.map(run =>
        run[0]?.in_app || isAllForeign || run.length === 1 ? (
          run.map(frame => <FrameView frame={frame} hasLocals={hasLocals} />)
        ) : (
          <li class="folded">
            <details>
              <summary>{run.length} frames of libraries and the browser</summary>
              <ol>
                {run.map(frame => (
                  <FrameView frame={frame} hasLocals={hasLocals} />
                ))}
              </ol>
            </details>
          </li>
        ),
      )}
    </ol>
  )
}

/** Neighbours that are alike in whose they are. */
function runsOf(frames: ReceivedFrame[]): ReceivedFrame[][] {
  const runs: ReceivedFrame[][] = []
  for (const frame of frames) {
    const run = runs.at(-1)
    if (run?.[0]?.in_app === frame.in_app) run.push(frame)
    else runs.push([frame])
  }
  return runs
}

const FrameView: FC<{ frame: ReceivedFrame; hasLocals: boolean }> = ({ frame, hasLocals }) => {
  const context = contextOf(frame)
  const vars = frame.vars && Object.keys(frame.vars).length > 0 ? frame.vars : undefined
  const title = (
    <>
      <span class="function">{nameOf(frame)}</span> <span class="location">{locationOf(frame)}</span>
    </>
  )
  if (!context.length && !vars) return <li class={frame.in_app ? 'app' : 'foreign'}>{title}</li>
  return (
    <li class={frame.in_app ? 'app' : 'foreign'}>
      <details open={frame.in_app}>
        <summary>{title}</summary>
        {context.length > 0 && (
          <pre class="source" tabindex={0}>
            {context.map(({ lineno, text, isCurrent }) => (
              <span class={isCurrent ? 'current' : ''}>
                <span class="lineno">{lineno}</span>
                {isCurrent ? <Marked text={text} column={columnOf(frame)} /> : text}
                {'\n'}
              </span>
            ))}
          </pre>
        )}
        {vars && <Variables values={vars} />}
        {!vars && hasLocals && frame.in_app && (
          <p class="note dim">No variables: this function has none to show, or was built without them.</p>
        )}
      </details>
    </li>
  )
}

/** A line with the word at the column marked. */
const Marked: FC<{ text: string; column: number | undefined }> = ({ text, column }) => {
  if (column === undefined || column >= text.length) return <>{text}</>
  const word = /^[\p{ID_Continue}$]+|^./u.exec(text.slice(column))?.[0] ?? ''
  return (
    <>
      {text.slice(0, column)}
      <mark>{word}</mark>
      {text.slice(column + word.length)}
    </>
  )
}

const columnOf = ({ symbolication }: ReceivedFrame): number | undefined =>
  isObject(symbolication) && typeof symbolication.context_column === 'number'
    ? symbolication.context_column
    : undefined

/** Why the frames are as the browser saw them, each reason once. */
const Unresolved: FC<{ frames: ReceivedFrame[] }> = ({ frames }) => {
  const reasons = new Set(
    frames.flatMap(({ symbolication }) =>
      isObject(symbolication) && symbolication.status === 'none' ? [String(symbolication.reason)] : [],
    ),
  )
  if (!reasons.size || frames.every(frame => typeof frame.context_line === 'string')) return null
  return <p class="note dim">Frames as they were sent: {[...reasons].join(', ')}.</p>
}

const nameOf = ({ function: name }: ReceivedFrame): string =>
  !name || name === '?' || name === '<anonymous>' ? '(anonymous)' : name

const locationOf = ({ filename, module, lineno, colno }: ReceivedFrame): string =>
  [filename ?? module ?? '(no file)', lineno, colno].filter(part => part !== undefined).join(':')

interface SourceLine {
  lineno: number
  text: string
  isCurrent: boolean
}

function contextOf({ pre_context, context_line, post_context, lineno = 1 }: ReceivedFrame): SourceLine[] {
  if (typeof context_line !== 'string') return []
  const before = linesOf(pre_context)
  return [...before, context_line, ...linesOf(post_context)].map((text, index) => ({
    lineno: lineno - before.length + index,
    text,
    isCurrent: index === before.length,
  }))
}

const linesOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
