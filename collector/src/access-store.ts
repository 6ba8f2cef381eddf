// What the store is asked about who may do what; a part of the interface in store.ts. It sees hashes only.

/** What a token lets a program do: read one project, upload artifacts to it, or scrape the metrics of all. */
export const TOKEN_SCOPES = ['read', 'upload', 'metrics'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

export interface AccessToken {
  hash: string
  /** `*` for all. */
  project: string
  scope: TokenScope
  label: string
  createdMs: number
}

export interface AccessStore {
  /** The hash of the dashboard's password; null while it has none. */
  passwordHash(): Promise<string | null>
  /** Ends all logins. */
  setPasswordHash(hash: string): Promise<void>
  /** What CSRF tokens are signed with: random, and the same for all collectors of the store. */
  signingKey(): Promise<string>
  addLogin(hash: string, expiresMs: number): Promise<void>
  isLogin(hash: string, nowMs: number): Promise<boolean>
  removeLogin(hash: string): Promise<void>
  addToken(token: AccessToken): Promise<void>
  findToken(hash: string): Promise<AccessToken | null>
  tokens(): Promise<AccessToken[]>
  /** False when there is none. */
  removeToken(hash: string): Promise<boolean>
}
