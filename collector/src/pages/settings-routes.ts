import { Hono } from 'hono'
import type { AccessEnv } from '../access.ts'
import type { DashboardOptions } from './dashboard.tsx'

/** Where people change projects and keys. */
export function createSettingsPages(_: DashboardOptions): Hono<AccessEnv> {
  return new Hono<AccessEnv>()
}
