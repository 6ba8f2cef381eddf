import { open, rename, rm } from 'node:fs/promises'
import Database from 'better-sqlite3'

/**
 * Copies the database as it is at one moment, while others write to it, and checks the copy. There is a file of that
 * name only when all of it is on the disk and sound.
 */
export async function backUp(from: string, to: string): Promise<{ bytes: number }> {
  const partial = `${to}.partial`
  await rm(partial, { force: true })
  const db = new Database(from, { readonly: true, fileMustExist: true })
  try {
    db.pragma('busy_timeout = 5000')
    db.prepare('VACUUM INTO ?').run(partial)
  } finally {
    db.close()
  }
  checkDatabase(partial)
  const file = await open(partial, 'r+')
  const { size: bytes } = await file.stat()
  await file.sync()
  await file.close()
  await rename(partial, to)
  return { bytes }
}

/** Throws what is wrong with a database file, where something is. */
export function checkDatabase(file: string): void {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const found = db.pragma('quick_check(5)', { simple: true })
    if (found !== 'ok') throw new Error(`${file} is damaged: ${String(found)}`)
  } finally {
    db.close()
  }
}
