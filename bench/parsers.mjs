// The parsers that the benchmarks run side by side, each as (stack, name, message) → frames, newest first,
// `{ function, url, line, column }`.
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundle } from './bundle.mjs'
import { install } from './install.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const require = createRequire(here)
const fake = (stack, name, message) => Object.assign(Object.create(Error.prototype), { stack, name, message })

const LOADERS = {
  async ohnoes(code) {
    const { parseStack } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
    return (stack, name, message) =>
      parseStack({ stack, name, message }).map(frame => ({
        function: frame.function,
        url: frame.filename,
        line: frame.lineno,
        column: frame.colno,
      }))
  },
  async 'error-stack-parser'() {
    const ErrorStackParser = require('error-stack-parser').default
    return (...error) =>
      ErrorStackParser.parse(fake(...error)).map(frame => ({
        function: frame.functionName,
        url: frame.fileName,
        line: frame.lineNumber,
        column: frame.columnNumber,
      }))
  },
  async '@sentry/browser'() {
    const { defaultStackParser } = await import(pathToFileURL(require.resolve('@sentry/browser')))
    return stack =>
      defaultStackParser(stack)
        .reverse()
        .map(frame => ({
          function: frame.function,
          url: frame.filename,
          line: frame.lineno,
          column: frame.colno,
        }))
  },
  async stacktracey() {
    const StackTracey = require('stacktracey')
    return (...error) =>
      new StackTracey(fake(...error)).items.map(frame => ({
        function: frame.callee,
        url: frame.file,
        line: frame.line,
        column: frame.column,
      }))
  },
  async 'stacktrace-parser'() {
    const { parse } = require('stacktrace-parser')
    return stack =>
      parse(stack).map(frame => ({
        function: frame.methodName,
        url: frame.file,
        line: frame.lineNumber,
        column: frame.column,
      }))
  },
}

export const PARSERS = Object.keys(LOADERS)

/** Our parser's code, as it ships; installs the peers at the first run. */
export async function prepare() {
  install('stacktracey')
  return bundle('stack.ts')
}

export const loadParser = (name, code) => LOADERS[name](code)
