import { parse as parseSource } from '@babel/parser'
import { parse, type Node } from 'acorn'

// Which function encloses a position, and by which token it got its name. A map has no functions: the name of a mapping
// is that of whatever is used at its place.

/** Offsets into the code. */
export interface FunctionScope {
  start: number
  end: number
  /** What names it; null for a function without a name. A class' constructor is `new` the class. */
  token: { at: number; text: string; isProperty: boolean } | null
  /** Whether it begins with `function`, or `async function`: minifiers take its name away, the source still has it. */
  hasKeyword: boolean
  /** Of the class that a method belongs to. */
  owner: FunctionScope['token']
  kind: 'function' | 'constructor' | 'method'
}

type Token = FunctionScope['token']
type AnyNode = Node & Record<string, unknown>
/** What a node is told by the one around it. */
interface Around {
  token: Token
  owner: Token
  kind: FunctionScope['kind']
}

const NOTHING: Around = { token: null, owner: null, kind: 'function' }

/** All functions of a generated file, sorted by where they start, the outer before the inner; null if it is unreadable. */
export function functionScopes(code: string): FunctionScope[] | null {
  for (const sourceType of ['module', 'script'] as const)
    try {
      const options = { ecmaVersion: 'latest', sourceType, allowHashBang: true } as const
      return scopesIn(parse(code, { ...options, allowReturnOutsideFunction: true }), code)
    } catch {
      // Sloppy code is no module; what neither can read has syntax that acorn does not know yet.
    }
  return null
}

/** The same of an original file, which may be in TypeScript or have JSX. */
export function originalScopes(code: string, path: string): FunctionScope[] | null {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return null
  const language = /\.[cm]?tsx?$/.test(path) ? 'typescript' : 'flow'
  try {
    const tree = parseSource(code, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      // `<T>x` is a type assertion in a .ts file, and the start of an element elsewhere.
      plugins: [
        ['estree', { classFeatures: true }],
        language,
        'decorators',
        ...(/\.[cm]?ts$/.test(path) ? [] : (['jsx'] as const)),
      ],
    })
    return scopesIn(tree.program, code)
  } catch {
    return null
  }
}

function scopesIn(tree: object, code: string): FunctionScope[] {
  const scopes: FunctionScope[] = []
  // Without recursion: minified code nests deeper than our stack.
  const open: [AnyNode, Around][] = [[tree as AnyNode, NOTHING]] // which fields there are depends on the type
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, around] = next
    if (isFunction(node) || isInitializer(node)) scopes.push(scopeOf(code, node, around))
    for (const child of childrenOf(node)) open.push([child, aroundChild(node, child, around)])
  }
  return scopes.sort((a, b) => a.start - b.start || b.end - a.end)
}

const isFunction = ({ type }: AnyNode): boolean =>
  type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'

/** A class field with a value and a static block run as functions of their own. */
const isInitializer = (node: AnyNode): boolean =>
  node.type === 'StaticBlock' ||
  (node.type === 'PropertyDefinition' && isNode(node.value) && !isFunction(node.value))

function scopeOf(code: string, node: AnyNode, around: Around): FunctionScope {
  const { start, end } = node
  if (node.type === 'PropertyDefinition') {
    const value = node.value as AnyNode // isInitializer has seen it
    const { start, end } = value
    return { start, end, ...around, token: tokenOf(node.key, true), hasKeyword: false, kind: 'method' }
  }
  // A function expression's own name is what engines show, too.
  const hasKeyword = /^(?:async\s+)?function\b/.test(code.slice(start, start + 20))
  return { start, end, ...around, token: tokenOf(node.id) ?? around.token, hasKeyword }
}

/** What names a child: a declaration or an assignment, a property or a method. */
function aroundChild(node: AnyNode, child: AnyNode, around: Around): Around {
  const named = (token: Token): Around => ({ ...NOTHING, token })
  switch (node.type) {
    case 'VariableDeclarator':
      return child === node.init ? named(tokenOf(node.id)) : NOTHING
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return child === node.right ? named(targetToken(node.left)) : NOTHING
    case 'Property':
      return child === node.value ? named(node.computed ? null : tokenOf(node.key, true)) : NOTHING
    case 'ClassDeclaration':
    case 'ClassExpression':
      return { ...NOTHING, owner: tokenOf(node.id) ?? around.token }
    case 'ClassBody':
      return around
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return child === node.value ? memberAround(node, around) : NOTHING
    default:
      return NOTHING
  }
}

function memberAround(node: AnyNode, { owner }: Around): Around {
  if (node.kind === 'constructor') return { token: null, owner, kind: 'constructor' }
  return { token: node.computed ? null : tokenOf(node.key, true), owner, kind: 'method' }
}

function targetToken(target: unknown): Token {
  if (!isNode(target)) return null
  if (target.type !== 'MemberExpression') return tokenOf(target)
  return target.computed ? null : tokenOf(target.property, true)
}

function tokenOf(node: unknown, isProperty = false): Token {
  if (!isNode(node)) return null
  if (node.type === 'Identifier') return { at: node.start, text: String(node.name), isProperty }
  if (node.type === 'PrivateIdentifier') return { at: node.start, text: `#${node.name}`, isProperty: false }
  if (node.type === 'Literal' && typeof node.value === 'string')
    return { at: node.start, text: node.value, isProperty }
  return null
}

function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node))
    if (isNode(value)) yield value
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) yield item
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string'
