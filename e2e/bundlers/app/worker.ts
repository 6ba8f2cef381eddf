function work(jobs: { run?: () => number }[]): number {
  let sum = 0
  for (const job of jobs) {
    sum += job.run!() //: 19.0 work "run"
  }
  return sum
}

self.addEventListener('message', function onJob(event: MessageEvent) {
  try {
    const sum = work(event.data as object[]) //: 19.1 onJob "work("
    postMessage(sum)
  } catch (error) {
    const { name, message, stack } = error as Error
    postMessage({ name, message, stack, ids: (self as { _ohnoesDebugIds?: object })._ohnoesDebugIds })
  }
})
