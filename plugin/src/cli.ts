#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { builtFiles } from './built-files.ts'
import { readDebugId } from './debug-id.ts'
import { inject, problemsOf } from './inject.ts'
import { factsOf, type OhnoesOptions, targetOf } from './options.ts'
import { createPrinter, type StampedFile, upload } from './upload.ts'

const HELP = `  ohnoes-plugin inject DIR
      gives the scripts of a finished build their debug ids
  ohnoes-plugin upload DIR [--dsn …] [--token-file …] [--release …] [--dist …] [--delete-maps] [--dry-run]
      sends the maps that the collector lacks; the token is in OHNOES_TOKEN
  ohnoes-plugin check DIR
      says what is wrong with the debug ids of a build`

const print = createPrinter(process.stderr)
const COMMANDS: Record<string, (folder: string, options: OhnoesOptions) => Promise<void>> = {
  async inject(folder) {
    const { stamped, stampedBefore, withoutMap, redone } = await inject(folder)
    for (const name of withoutMap) print(`ohnoes: ${name} has no map and was left alone`)
    for (const hash of redone) print(`ohnoes: the hash of ${hash.of} was redone in ${hash.in}`)
    print(`ohnoes: ${stamped.length} files have their debug ids now, ${stampedBefore.length} had them`)
  },
  async upload(folder, options) {
    const target = targetOf({ ...options, upload: true })
    const files = (await builtFiles(folder)).flatMap(({ name, code, codePath, mapPath }): StampedFile[] => {
      const debugId = readDebugId(code)
      return debugId === undefined || mapPath === undefined ? [] : [{ name, codePath, mapPath, debugId }]
    })
    if (!files.length)
      throw new Error(`ohnoes: no file in ${folder} has a debug id: run ohnoes-plugin inject first.`)
    if (target) await upload(files, { ...options, failOnError: true, target, facts: factsOf(options), print })
  },
  async check(folder) {
    const problems = await problemsOf(folder)
    for (const problem of problems) print(`ohnoes: ${problem}`)
    if (problems.length) process.exitCode = 1
    else print('ohnoes: every script with a map has its debug id')
  },
}

try {
  await run()
} catch (error) {
  print(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      dsn: { type: 'string' },
      'token-file': { type: 'string' },
      release: { type: 'string' },
      dist: { type: 'string' },
      'delete-maps': { type: 'boolean' },
      'dry-run': { type: 'boolean' },
    },
  })
  const [name = '', folder] = positionals
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command || folder === undefined || positionals.length > 2) throw new Error(HELP)
  const { dsn, release, dist } = values
  await command(folder, {
    ...(dsn !== undefined && { dsn }),
    ...(release !== undefined && { release }),
    ...(dist !== undefined && { dist }),
    ...(values['token-file'] !== undefined && { tokenFile: values['token-file'] }),
    deleteMaps: values['delete-maps'] ?? false,
    dryRun: values['dry-run'] ?? false,
  })
}
