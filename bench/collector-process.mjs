// A collector in a process of its own, and what it takes up.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('../collector/dist/main.js', import.meta.url))
const SAMPLE_MS = 200

export const envOf = dataDir => ({
  ...process.env,
  PORT: '0',
  HOST: '',
  OHNOES_DATA: dataDir,
  OHNOES_KEY: 'demo',
})

export async function startCollector(dataDir) {
  const child = spawn(process.execPath, [MAIN], { env: envOf(dataDir), stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const ended = once(child, 'exit')
  return {
    pid: child.pid,
    url: /http:\/\/[^\s/]+/.exec(line)[0],
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** The most that is resident until `stop`, in bytes. */
export function watchMemory(pid) {
  let peak = 0
  const look = () => {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    peak = Math.max(peak, Number(kb) * 1024)
  }
  const timer = setInterval(look, SAMPLE_MS)
  return {
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}

export function loadAverage() {
  return readFileSync('/proc/loadavg', 'utf8').split(' ')[0]
}
