import { lexer, parse } from 'marked'

export function run({ markdown }) {
  return JSON.stringify(lexer(markdown)) + parse(markdown)
}
