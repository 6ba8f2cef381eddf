import { spawn } from 'node:child_process'

const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a process that does not outlive this one: `stop()` ends it and waits for its end; an exit of ours without
 * `stop()` kills it.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function startChild(command, args, options = {}) {
  const child = spawn(command, args, options)
  running.add(child)
  let isRunning = true
  /** @type {Promise<string>} how it ended */
  const ended = new Promise(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `exited with ${code}`))
  })
  ended.then(() => {
    isRunning = false
    running.delete(child)
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await ended
    clearTimeout(force)
  }
  return { child, ended, stop, isRunning: () => isRunning }
}
