// Served under odd URLs.
'use strict'
export function thrower() {
  throw new Error('thrown') // @ thrower | 1 | thrower
}
