import { parse, type Node } from 'acorn'

// Which function encloses a position of the minified file, and by which token it got its name there. A map has no
// functions: the name of a mapping is that of whatever is used at its place.

/** Offsets into the code. */
export interface FunctionScope {
  start: number
  end: number
  /** What names it; null for a function without a name. A class' constructor is `new` the class. */
  token: { at: number; text: string; isProperty: boolean } | null
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

/** All functions of the code, sorted by where they start, the outer before the inner; null if it cannot be parsed. */
export function functionScopes(code: string): FunctionScope[] | null {
  const tree = parsed(code)
  if (!tree) return null
  const scopes: FunctionScope[] = []
  // Without recursion: minified code nests deeper than our stack.
  const open: [AnyNode, Around][] = [[tree, NOTHING]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, around] = next
    if (isFunction(node) || isInitializer(node)) scopes.push(scopeOf(node, around))
    for (const child of childrenOf(node)) open.push([child, aroundChild(node, child, around)])
  }
  return scopes.sort((a, b) => a.start - b.start || b.end - a.end)
}

function parsed(code: string): AnyNode | null {
  for (const sourceType of ['module', 'script'] as const)
    try {
      return parse(code, {
        ecmaVersion: 'latest',
        sourceType,
        allowHashBang: true,
        allowReturnOutsideFunction: true,
      }) as Node as AnyNode // which fields there are depends on the type
    } catch {
      // Sloppy code is no module; what neither can read has syntax that acorn does not know yet.
    }
  return null
}

const isFunction = ({ type }: AnyNode): boolean =>
  type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'

/** A class field with a value and a static block run as functions of their own. */
const isInitializer = (node: AnyNode): boolean =>
  node.type === 'StaticBlock' ||
  (node.type === 'PropertyDefinition' && isNode(node.value) && !isFunction(node.value))

function scopeOf(node: AnyNode, around: Around): FunctionScope {
  const { start, end } = node
  if (node.type === 'PropertyDefinition') {
    const value = node.value as AnyNode // isInitializer has seen it
    return { start: value.start, end: value.end, ...around, token: tokenOf(node.key, true), kind: 'method' }
  }
  // A function expression's own name is what engines show, too.
  return { start, end, ...around, token: tokenOf(node.id) ?? around.token }
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
