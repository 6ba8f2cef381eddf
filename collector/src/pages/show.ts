import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AccessEnv } from '../access.ts'
import type { ReadOptions } from '../api.ts'
import type { Assets } from '../assets.ts'
import type { Projects } from '../projects.ts'
import { document, type View, type Visitor } from './layout.tsx'

/** Answers with a page. */
export type Show = (c: Context, view: View, status?: ContentfulStatusCode) => Response | Promise<Response>

/** What the routes of pages are made of. */
export interface PageOptions extends ReadOptions {
  assets: Assets
  projects: Projects
  show: Show
  /** How browsers reach the collector, where that is another address than its own. */
  publicUrl: string | undefined
}

export const createShow =
  ({ assets, projects }: { assets: Assets; projects: Projects }): Show =>
  (c, view, status = 200) =>
    c.html(document(view, { assets, projects: projects.all(), visitor: visitorOf(c) }), status)

/** Ahead of the guard there is nobody yet, and no form that needs a token. */
export function visitorOf(c: Context<AccessEnv>): Visitor {
  return { csrf: c.get('csrf') ?? '', isSignedIn: c.get('isSignedIn') ?? false }
}
