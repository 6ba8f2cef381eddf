// Measures a workload of a library as it is and instrumented, in Node and in a page alike.

const PAIRS = 3
const WARM_UP_MS = 1500
const SAMPLE_MS = 250

/**
 * How many times as long the instrumented one takes, once for each pair of runs. Other work on the machine hits both
 * sides alike only if they take turns: each pair is one run of either, in changing order.
 * @param {string[]} files the module as it is, and instrumented
 * @param {unknown} input
 * @param {() => number} nowMs
 */
export async function ratiosOf(files, input, nowMs) {
  const [plain, locals] = await Promise.all(files.map(async file => (await import(file)).run))
  const timeOf = async (run, runs) => {
    const startMs = nowMs()
    for (let i = 0; i < runs; i++) await run(input)
    return nowMs() - startMs
  }
  let warm = 0
  for (let ms = 0; ms < 2 * WARM_UP_MS; warm++) ms += (await timeOf(plain, 1)) + (await timeOf(locals, 1))
  const runs = Math.ceil((warm * SAMPLE_MS) / WARM_UP_MS)
  const ratios = []
  for (let i = 0; i < PAIRS; i++) {
    const [first, second] = i % 2 ? [locals, plain] : [plain, locals]
    const ms = new Map([
      [first, await timeOf(first, runs)],
      [second, await timeOf(second, runs)],
    ])
    ratios.push(ms.get(locals) / ms.get(plain))
  }
  return ratios
}

/** Of a process, whatever else the machine does meanwhile. */
export function cpuMs() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
