self.addEventListener('message', async function onJob(event: MessageEvent) {
  try {
    const { work } = await import('./work.ts')
    const sum = work(event.data as object[]) //: 19.1 onJob "work("
    postMessage(sum)
  } catch (error) {
    const { name, message, stack } = error as Error
    postMessage({ name, message, stack, ids: (self as { _ohnoesDebugIds?: object })._ohnoesDebugIds })
  }
})
