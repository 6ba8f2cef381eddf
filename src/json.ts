export const { parse, stringify } = JSON

/** JSON of plain data, whatever `toJSON` the page has put on its prototypes (Prototype.js 1.6 did). */
export function toJson(value: unknown, replace = (_key: string, value: unknown) => value): string {
  return stringify(value, function (this: Record<string, unknown>, key: string) {
    return replace(key, this[key])
  })
}
