import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Installs what the benchmarks compare with, unless these packages are there. */
export function install(...packages) {
  if (packages.every(name => existsSync(`${here}node_modules/${name}`))) return
  console.error('installing what the benchmark compares with (bench/package.json) …')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
}
