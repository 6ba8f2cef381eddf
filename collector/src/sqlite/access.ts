import { randomBytes } from 'node:crypto'
import type { AccessToken } from '../access-store.ts'
import type { Connection } from './schema.ts'

const PASSWORD = 'password'
const SIGNING_KEY = 'signing key'
const TOKEN_COLUMNS = 'hash, project, scope, label, created_ms AS createdMs'

export function accessReads(db: Connection) {
  const selectSecret = db.prepare('SELECT value FROM secrets WHERE name = ?').pluck()
  const selectLogin = db.prepare('SELECT 1 FROM logins WHERE hash = ? AND expires_ms > ?').pluck()
  const selectToken = db.prepare(`SELECT ${TOKEN_COLUMNS} FROM tokens WHERE hash = ?`)
  const selectTokens = db.prepare(`SELECT ${TOKEN_COLUMNS} FROM tokens ORDER BY created_ms, hash`)
  return {
    passwordHash: () => (selectSecret.get(PASSWORD) as string | undefined) ?? null,
    signingKey: () => selectSecret.get(SIGNING_KEY) as string, // the writer has made it
    isLogin: (hash: string, nowMs: number) => selectLogin.get(hash, nowMs) !== undefined,
    findToken: (hash: string) => (selectToken.get(hash) as AccessToken | undefined) ?? null,
    tokens: () => selectTokens.all() as AccessToken[],
  }
}

export function accessWrites(db: Connection) {
  const upsertSecret = db.prepare(
    'INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  db.prepare('INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING').run(
    SIGNING_KEY,
    randomBytes(32).toString('hex'),
  )
  const insertLogin = db.prepare('INSERT INTO logins (hash, expires_ms) VALUES (?, ?)')
  const deleteOldLogins = db.prepare('DELETE FROM logins WHERE expires_ms <= ?')
  const deleteLogin = db.prepare('DELETE FROM logins WHERE hash = ?')
  const deleteLogins = db.prepare('DELETE FROM logins')
  const insertToken = db.prepare(
    `INSERT INTO tokens (hash, project, scope, label, created_ms)
     VALUES (@hash, @project, @scope, @label, @createdMs)`,
  )
  const deleteToken = db.prepare('DELETE FROM tokens WHERE hash = ?')
  return {
    setPasswordHash: db.transaction((hash: string): void => {
      upsertSecret.run(PASSWORD, hash)
      deleteLogins.run()
    }).immediate,
    addLogin: db.transaction((hash: string, expiresMs: number): void => {
      deleteOldLogins.run(Date.now())
      insertLogin.run(hash, expiresMs)
    }).immediate,
    removeLogin: (hash: string): void => void deleteLogin.run(hash),
    addToken: (token: AccessToken): void => void insertToken.run(token),
    removeToken: (hash: string): boolean => deleteToken.run(hash).changes > 0,
  }
}
