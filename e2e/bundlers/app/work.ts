// Of the worker, which loads it when there is something to do.
export function work(jobs: { run?: () => number }[]): number {
  let sum = 0
  for (const job of jobs) {
    sum += job.run!() //: 19.0 work "run"
  }
  return sum
}
