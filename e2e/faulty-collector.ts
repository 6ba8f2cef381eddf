// The real collector behind a door that can be made to fail in every way that a network or a server does.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Collector } from './collector.ts'

export type Fault = (call: {
  request: IncomingMessage
  response: ServerResponse
  /** Has the collector answer. */
  pass(): Promise<void>
}) => unknown

export interface FaultyCollector {
  dsn: string
  /** From now on; without one all is well, `'refused'` is nobody at home. */
  fail(fault?: Fault | 'refused'): Promise<void>
  /** How many requests came, but for those that were refused. */
  requests: number
  close(): Promise<void>
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Expose-Headers': '*',
}

/** An answer that pages of other origins can read. */
export function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...CORS, ...headers }).end('{}')
}

export async function startFaultyCollector(collector: Collector): Promise<FaultyCollector> {
  let fault: Fault | undefined
  let server: Server | undefined
  let port = 0

  async function handle(request: IncomingMessage, response: ServerResponse) {
    faulty.requests++
    const pass = async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { status, headers } = await fetch(collector.url + request.url, {
        method: 'POST',
        body: Buffer.concat(chunks),
      })
      const limits = headers.get('x-sentry-rate-limits')
      if (!response.headersSent) answer(response, status, limits ? { 'X-Sentry-Rate-Limits': limits } : {})
    }
    await (fault ? fault({ request, response, pass }) : pass())
  }
  const listen = async () => {
    server = createServer(
      (request, response) => void handle(request, response).catch(() => response.destroy()),
    )
    await new Promise<void>(resolve => server!.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const close = async () => {
    const closing = server
    server = undefined
    if (!closing) return
    await new Promise<void>(resolve => {
      closing.close(() => resolve())
      closing.closeAllConnections()
    })
  }

  await listen()
  const faulty: FaultyCollector = {
    dsn: collector.dsn.replace(/\d+(?=\/\d+$)/, String(port)),
    requests: 0,
    close,
    async fail(next) {
      fault = next === 'refused' ? undefined : next
      if (next === 'refused') await close()
      else if (!server) await listen()
    },
  }
  return faulty
}
