import { attempt } from './guard.ts'
import type { DebugImage, StackFrame } from './protocol.ts'

// Ours maps the URL of a file to its id. Those of other people's plugins map a stack that was made in it.
const REGISTRIES = ['_ohnoesDebugIds', '_sentryDebugIds', '_debugIds']

/** The build of each file among the frames, as far as a build plugin has registered it. */
export function debugImages(frames: readonly StackFrame[]): DebugImage[] {
  const images: DebugImage[] = []
  const files = new Set(frames.map(frame => frame.filename))
  for (const name of REGISTRIES)
    attempt(() => {
      const registry = (self as unknown as Record<string, Record<string, unknown>>)[name]!
      for (const key in registry) {
        // The URL, or that of the newest frame, up to the position.
        const url = key.replace(/^[^]*?(?=\w+:\/\/)|:\d+:[^]*/g, '')
        // A registered URL may have a query, which WebKit's stacks do not have.
        for (const code_file of [url, url.replace(/[?#].*/, '')])
          if (files.delete(code_file))
            images.push({ type: 'sourcemap', code_file, debug_id: registry[key] as string })
      }
    })
  return images
}
