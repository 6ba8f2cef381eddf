import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import type { Store } from './store.ts'

/** A fault of whoever typed it: printed without a trace. */
export class UsageError extends Error {}

/** What a command works with. */
export interface CommandContext {
  /** Opens the store of the data folder; the collector may be running on it. */
  openStore(): Promise<Store>
  config: Config
  print(line: string): void
  /** All of what is piped or typed into it. */
  readInput(): Promise<string>
  log: Log
}

/** One thing to do from the command line: `project create NAME`. */
export interface Command {
  /** Its words, then what comes after them: `key set PROJECT KEY`. */
  usage: string
  /** In a few words, for the list of commands. */
  does: string
  options?: NonNullable<ParseArgsConfig['options']>
  run(input: CommandInput, context: CommandContext): Promise<void>
}

export interface CommandInput {
  /** As many as the usage names. */
  args: string[]
  options: Record<string, string | undefined>
}

const wordsOf = ({ usage }: Command): string[] => usage.split(' ').filter(word => /^[a-z]/.test(word))
const argumentsOf = ({ usage }: Command): string[] => usage.split(' ').filter(word => /^[A-Z]/.test(word))

/** Has the store open for as long as the work takes. */
export async function withStore(
  context: CommandContext,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const store = await context.openStore()
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

/** Finds the command that the words name and runs it; throws a UsageError when there is none or it is misused. */
export async function runCommand(
  words: string[],
  commands: Command[],
  context: CommandContext,
): Promise<void> {
  const command = commands.find(candidate => wordsOf(candidate).every((word, at) => words[at] === word))
  if (!command)
    throw new UsageError(`There is no command ${JSON.stringify(words.join(' '))}.\n\n${helpOf(commands)}`)
  await command.run(readInput(words.slice(wordsOf(command).length), command), context)
}

function readInput(words: string[], command: Command): CommandInput {
  const wanted = argumentsOf(command)
  try {
    const { values, positionals } = parseArgs({
      args: words,
      options: command.options ?? {},
      allowPositionals: true,
    })
    if (positionals.length === wanted.length)
      // `as`: all options here are texts.
      return { args: positionals, options: values as CommandInput['options'] }
    throw new UsageError(
      `${wordsOf(command).join(' ')} takes ${wanted.length} arguments, not ${positionals.length}.`,
    )
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message}\n\n${helpOf([command])}`)
  }
}

/** The commands, each with its options, one a line. */
export function helpOf(commands: Command[]): string {
  const rows = commands.map(command => {
    const options = Object.keys(command.options ?? {}).map(name => `[--${name} …]`)
    return { call: ['ohnoes-collector', command.usage, ...options].join(' '), does: command.does }
  })
  return rows.map(({ call, does }) => `  ${call}\n      ${does}`).join('\n')
}
