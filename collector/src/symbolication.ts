import type { ReceivedFrame } from './received-event.ts'

/** What became of a frame, and why. */
export interface Symbolication {
  status: 'resolved' | 'none'
  /** Why it is as it was sent, or lacks its source. */
  reason?: string
  /** What to do about it. */
  advice?: string
  /** The keys that its artifact was looked for by, in words. */
  looked_for?: string[]
  /** The artifact that was found: what it is called, and its id. */
  artifact?: string
  artifact_id?: string
  /** Where the position is in `context_line`, 0-based: a long line is shown in part. */
  context_column?: number
}

export interface ResolvedFrame extends ReceivedFrame {
  /** The frame as the browser saw it. */
  raw: Pick<ReceivedFrame, 'filename' | 'abs_path' | 'lineno' | 'colno' | 'function'>
  symbolication: Symbolication
}
