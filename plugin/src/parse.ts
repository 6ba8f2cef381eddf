import { parse as parseWithAcorn, type Options } from 'acorn'
import { analyze, type Scope } from 'eslint-scope'
import type { Comment, Node, Program } from 'estree'
import { walk } from 'estree-walker'

declare module 'estree' {
  // What acorn adds: offsets, in UTF-16 units.
  interface BaseNodeWithoutComments {
    start: number
    end: number
  }
}

export interface Parsed {
  program: Program
  isModule: boolean
  comments: Comment[]
  /** One for each function, in the order of the text. */
  functionScopes: Scope[]
  parents: Map<Node, Node | null>
  /** Every identifier that occurs. */
  names: Set<string>
}

const COMMON_JS = /\b(?:require|module|exports)\b/

/** Throws acorn's SyntaxError, which has `pos` and `loc`. */
export function parse(code: string, isModuleAnyway: boolean): Parsed {
  const { program, comments } =
    isModuleAnyway && !COMMON_JS.test(code) ? parseAs('module', code) : parseText(code)
  const isModule = program.sourceType === 'module'
  const { scopes } = analyze(program, {
    ecmaVersion: 2022, // from here on it knows every kind of scope that there is
    sourceType: program.sourceType,
    childVisitorKeys: { ImportExpression: ['source', 'options'] },
  })
  const parents: Parsed['parents'] = new Map()
  const names = new Set<string>()
  walk(program, {
    enter(node, parent) {
      parents.set(node, parent)
      if (node.type === 'Identifier') names.add(node.name)
    },
  })
  const functionScopes = scopes.filter(scope => scope.type === 'function')
  return { program, isModule, comments, functionScopes, parents, names }
}

/** Text without module syntax is CommonJS, which may be sloppy; or else a module with nothing but a top-level `await`. */
function parseText(code: string) {
  let asModule: ReturnType<typeof parseAs> | undefined
  let problem: unknown
  if (/\b(import|export)\b/.test(code))
    try {
      asModule = parseAs('module', code)
      if (asModule.program.body.some(({ type }) => /^(Import|Export)/.test(type))) return asModule
    } catch (error) {
      problem = error
    }
  try {
    return parseAs('commonjs', code)
  } catch {
    if (problem) throw problem
    return asModule ?? parseAs('module', code)
  }
}

function parseAs(sourceType: 'module' | 'commonjs', code: string) {
  const comments: Comment[] = []
  const onComment = comments as unknown as NonNullable<Options['onComment']>
  const program = parseWithAcorn(code, { ecmaVersion: 'latest', sourceType, ranges: true, onComment })
  return { program: program as unknown as Program, comments } // acorn's tree is ESTree's, by other type names
}
