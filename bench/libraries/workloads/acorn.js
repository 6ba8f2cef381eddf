import { parse, tokenizer } from 'acorn'

export function run({ source }) {
  const options = { ecmaVersion: 'latest', sourceType: 'module', locations: true }
  const tokens = [...tokenizer(source, options)].length
  return tokens + JSON.stringify(parse(source, options))
}
