import { textOf } from './copy.ts'
import { record } from './crumbs.ts'
import { options } from './options.ts'
import { patch } from './patch.ts'
import type { Level } from './protocol.ts'

/** Records what is written by the methods that the option names: none by default, since devtools shows our line then. */
export function watchConsole(): void {
  // A script tag has `warn,error` for the list.
  for (const name of `${options.console}`.split(','))
    patch(console as unknown as Record<string, unknown>, name, (_, _console, args) => {
      record('console', args.map(textOf).join(' '), undefined, (name == 'warn' ? 'warning' : name) as Level)
    })
}
