// Digits; a UUID; a hash, ULID or token (16 or more letters and digits, not all of them letters); a mail address.
const ID = /^(\d+|[\da-f-]{36}|(?=[a-z]*\d)[\da-z]{16,})$|@|%40/i

/** What pages are counted by: the path of a URL, with `*` for each part of it that looks like an id. */
export function pageName(url: string): string {
  return new URL(url).pathname
    .split('/')
    .map(part => (ID.test(part) ? '*' : part.replace(/\d{4,}/g, '*')))
    .join('/')
}
