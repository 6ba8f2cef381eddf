import { createRequire } from 'node:module'
import type { Options } from 'acorn'
import type { Comment, Program } from 'estree'

declare module 'estree' {
  // Offsets, in UTF-16 units.
  interface BaseNodeWithoutComments {
    start: number
    end: number
  }
}

export interface Parsed {
  program: Program
  isModule: boolean
  comments: Comment[]
}

/** Of the two that there are, ESTree's both. */
export type Parser = (code: string, sourceType: 'module' | 'commonjs') => Omit<Parsed, 'isModule'>

const COMMON_JS = /\b(?:require|module|exports)\b/
const MODULE_SYNTAX = /\b(?:import|export)\b/

// Its binary is not to be had for every platform; what it refuses, acorn has the last word on, whose error has a place.
const oxc = await import('oxc-parser').catch(() => undefined)

/** Throws acorn's SyntaxError, which has `pos` and `loc`. */
export function parse(code: string, isModuleAnyway: boolean, parser: Parser = parseText): Parsed {
  if (isModuleAnyway && !COMMON_JS.test(code)) return { ...parser(code, 'module'), isModule: true }
  return parseByItsText(code, parser)
}

/** Text without module syntax is CommonJS, which may be sloppy; or else a module with nothing but a top-level `await`. */
function parseByItsText(code: string, parser: Parser): Parsed {
  let asModule: Parsed | undefined
  let problem: unknown
  if (MODULE_SYNTAX.test(code))
    try {
      asModule = { ...parser(code, 'module'), isModule: true }
      if (asModule.program.body.some(({ type }) => /^(Import|Export)/.test(type))) return asModule
    } catch (error) {
      problem = error
    }
  try {
    return { ...parser(code, 'commonjs'), isModule: false }
  } catch {
    if (problem) throw problem
    return asModule ?? { ...parser(code, 'module'), isModule: true }
  }
}

/** Natively, which in a process that has just begun takes a third of the time. */
function parseText(code: string, sourceType: 'module' | 'commonjs'): ReturnType<Parser> {
  if (!oxc) return parseAsAcorn(code, sourceType)
  const result = oxc.parseSync('module.js', code, { lang: 'js', sourceType, preserveParens: false })
  if (result.errors.length) return parseAsAcorn(code, sourceType)
  // Both trees are ESTree's, by other names of the types.
  return { program: result.program as unknown as Program, comments: result.comments as unknown as Comment[] }
}

export function parseAsAcorn(code: string, sourceType: 'module' | 'commonjs'): ReturnType<Parser> {
  const acorn = createRequire(import.meta.url)('acorn') as typeof import('acorn') // mostly it is not needed
  const comments: Comment[] = []
  const onComment = comments as unknown as NonNullable<Options['onComment']>
  const program = acorn.parse(code, { ecmaVersion: 'latest', sourceType, onComment })
  return { program: program as unknown as Program, comments }
}
