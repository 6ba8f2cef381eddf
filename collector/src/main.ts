#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { VERSION } from 'ohnoes/protocol'
import { ACCESS_COMMANDS } from './access-commands.ts'
import { type Command, type CommandContext, helpOf, runCommand, UsageError } from './command-line.ts'
import { type Config, readConfig } from './config.ts'
import { DOCTOR } from './doctor.ts'
import { EXPLAIN } from './explain-command.ts'
import { startCollector } from './index.ts'
import { createLog } from './log.ts'
import { PROJECT_COMMANDS } from './project-commands.ts'
import { openSqliteStore } from './sqlite/store.ts'
import { UPKEEP_COMMANDS } from './upkeep-commands.ts'

const COMMANDS: Command[] = [...PROJECT_COMMANDS, ...ACCESS_COMMANDS, ...UPKEEP_COMMANDS, EXPLAIN, DOCTOR]

try {
  await run(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

async function run(words: string[]): Promise<void> {
  if (['help', '--help', '-h'].includes(words[0] ?? '')) return console.log(help())
  if (words[0] === '--version') return console.log(VERSION)
  const read = readConfig(process.env)
  if (!read.ok) throw new Error(read.message)
  if (words.length) await runCommand(words, COMMANDS, contextOf(read.config))
  else await serve(read.config)
}

const help = (): string =>
  `  ohnoes-collector\n      takes reports in and shows them; docs/running.md has its settings\n${helpOf(COMMANDS)}`

function contextOf(config: Config): CommandContext {
  const log = createLog(line => process.stderr.write(line))
  return {
    openStore: () => openSqliteStore({ dataDir: config.dataDir, log }),
    config,
    print: line => console.log(line),
    readInput: () => text(process.stdin),
    log,
  }
}

async function serve(config: Config): Promise<void> {
  const { firstKey: key, ...options } = config
  const log = createLog(line => process.stderr.write(line))
  const collector = await startCollector({
    ...options,
    log,
    projects: [{ name: 'Project 1', ...(key !== undefined && { key }) }],
  })
  let isClosing = false
  const stop = async (): Promise<void> => {
    // A second signal is from someone who does not want to wait.
    if (isClosing) process.exit(1)
    isClosing = true
    log({ level: 'info', message: 'Closing: requests under way are finished.' })
    await collector.close()
    log({ level: 'info', message: 'Closed.' })
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  console.log(
    `ohnoes collector: ${collector.url}/ · DSN ${collector.dsns().join(', ')} · data in ${config.dataDir}`,
  )
  log({ level: 'info', message: 'Listening.', url: collector.url, dataDir: config.dataDir, version: VERSION })
}
