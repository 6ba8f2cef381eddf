#!/usr/bin/env node
import { resolve } from 'node:path'
import { dsnOf, type Project, startCollector } from './index.ts'

const DEFAULT_PORT = 4400
const PROJECT: Project = { id: '1', name: 'Project 1', key: 'demo' }

try {
  await run(process.env)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function run({ PORT, HOST, OHNOES_DATA }: NodeJS.ProcessEnv): Promise<void> {
  const dataDir = resolve(OHNOES_DATA || 'data')
  const collector = await startCollector({
    port: portOf(PORT),
    host: hostOf(HOST),
    dataDir,
    projects: [PROJECT],
  })
  console.log(
    `ohnoes collector: ${collector.url}/ · DSN ${dsnOf(PROJECT, collector.url)} · data in ${dataDir}`,
  )

  let isClosing = false
  const stop = async (): Promise<void> => {
    // A second signal is from someone who does not want to wait.
    if (isClosing) process.exit(1)
    isClosing = true
    await collector.close()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function portOf(value: string | undefined): number {
  if (!value) return DEFAULT_PORT
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new Error(
    `PORT ${JSON.stringify(value)} is no port: set it to a number from 0 (any free one) to 65535.`,
  )
}

function hostOf(value: string | undefined): string {
  if (!value || value === '127.0.0.1') return '127.0.0.1'
  throw new Error(
    `HOST ${JSON.stringify(value)} is refused: the dashboard has no password yet, so only 127.0.0.1 is safe. Unset HOST.`,
  )
}
