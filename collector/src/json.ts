export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Replaces what is not UTF-8 and drops a byte order mark, so that both reach JSON.parse as text it can judge.
const utf8 = new TextDecoder()

export type ReadJson = { ok: true; value: unknown } | { ok: false; text: string; cause: string }

/** Parses bytes as JSON; on failure hands back the text, for the message. */
export function readJson(bytes: Uint8Array): ReadJson {
  const text = utf8.decode(bytes)
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { ok: false, text, cause: error instanceof Error ? error.message : String(error) }
  }
}
