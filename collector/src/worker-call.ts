import { type MessagePort, parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'

// Calls across a thread: both ends of the same few messages.

type Request = { id: number; name: string; args: unknown[] }
type Reply = { ids: number[]; result: unknown } | { ids: number[]; error: Thrown }
/** What is left of an error of a native module, which does not cross as one by itself. */
type Thrown = Pick<Error, 'message' | 'stack'> & { code?: unknown }

export interface WorkerCaller {
  /** The result of the worker's function of that name; rejects with what it threw, or when the worker is gone. */
  call(name: string, ...args: unknown[]): Promise<unknown>
  /** Has the worker release what it holds and waits until it is gone. */
  close(): Promise<void>
}

/** Starts a worker that ends in `answerCalls`. */
export function startWorker(file: URL, data: unknown): WorkerCaller {
  const worker = new Worker(file, { workerData: data })
  const open = new Map<number, { resolve: (result: unknown) => void; reject: (cause: unknown) => void }>()
  let lastId = 0
  let gone: Error | undefined

  worker.on('message', (reply: Reply) => {
    const error = 'error' in reply && Object.assign(new Error(reply.error.message), reply.error)
    for (const id of reply.ids) {
      const call = open.get(id)
      open.delete(id)
      if ('error' in reply) call?.reject(error)
      else call?.resolve(reply.result)
    }
  })
  const lose = (cause?: unknown): void => {
    const reason = cause instanceof Error ? cause.message : 'without an error'
    gone ??= new Error(`${file.pathname.split('/').at(-1)} has ended (${reason}): restart the collector.`, {
      cause,
    })
    for (const { reject } of open.values()) reject(gone)
    open.clear()
  }
  worker.on('error', lose)
  const ended = new Promise<void>(resolve =>
    worker.on('exit', () => {
      lose()
      resolve()
    }),
  )

  const call = (name: string, ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone)
      const id = ++lastId
      open.set(id, { resolve, reject })
      worker.postMessage({ id, name, args } satisfies Request)
    })

  return {
    call,
    async close() {
      await call('close').catch(() => {}) // it may be gone already
      await ended
    },
  }
}

/**
 * In a worker: opens what it works on and answers calls by name until `close`. A function named in `together` is called
 * with the arguments of all calls of it that wait by then, and all of them get its one result.
 */
export function answerCalls<Data>(
  open: (data: Data) => Record<string, (...args: never[]) => unknown> & { close: () => void },
  together: string[] = [],
): void {
  const port = parentPort
  if (!port) throw new Error('This file is a worker: start the collector by main.js.')
  const functions = open(workerData as Data) // what startWorker was given for this file

  const post = (ids: number[], compute: () => unknown): void => {
    try {
      port.postMessage({ ids, result: compute() } satisfies Reply)
    } catch (error) {
      port.postMessage({ ids, error: thrownOf(error) } satisfies Reply)
    }
  }
  /** Returns the request that came next, where it had to look. */
  const answer = ({ id, name, args }: Request): Request | undefined => {
    if (!together.includes(name)) {
      post([id], () => functions[name]?.(...(args as never[])))
      if (name === 'close') port.close()
      return undefined
    }
    const ids = [id]
    const argsOfAll = [args]
    let next = nextRequest(port)
    for (; next?.name === name; next = nextRequest(port)) {
      ids.push(next.id)
      argsOfAll.push(next.args)
    }
    post(ids, () => functions[name]?.(...(argsOfAll as never[])))
    return next
  }
  port.on('message', (first: Request) => {
    for (let request: Request | undefined = first; request;) request = answer(request)
  })
}

const nextRequest = (port: MessagePort): Request | undefined =>
  receiveMessageOnPort(port)?.message as Request | undefined // what startWorker has sent

function thrownOf(error: unknown): Thrown {
  if (!(error instanceof Error)) return { message: String(error) }
  const { message, stack } = error
  return { message, ...(stack !== undefined && { stack }), ...('code' in error && { code: error.code }) }
}
