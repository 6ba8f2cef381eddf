import type { Node } from 'estree'
import { SECRET_KEY } from 'ohnoes/protocol'
import type { Definition, Variable } from './scopes.ts'

/** Whether the name of a variable says that it holds a secret, or that of the property it is taken from. */
export function isSecret({ name, defs }: Variable): boolean {
  return isSecretName(name) || defs.some(def => keysTo(def.name, sourceOf(def)).some(isSecretName))
}

const MAX_REMEMBERED = 20_000
/** The names of a program are few, and are asked for again and again. */
const remembered = new Map<string, boolean>()

/** The word list is for keys; in names words also start with a capital: `userSession`. */
function isSecretName(name: string): boolean {
  let isOne = remembered.get(name)
  if (isOne === undefined) {
    isOne = SECRET_KEY.test(name) || (/[A-Z]/.test(name) && SECRET_KEY.test(name.replace(/[A-Z]+/g, '_$&')))
    if (remembered.size < MAX_REMEMBERED) remembered.set(name, isOne)
  }
  return isOne
}

function sourceOf({ type, node }: Definition): Node | undefined {
  return type === 'Parameter' || type === 'Variable' ? node : undefined
}

/** The keys of properties on the way to a name in a pattern: `password` of `p` in `{ password: p }`. */
function keysTo(name: Node, within: Node | null | undefined): string[] {
  if (!within || !(within.start <= name.start && name.end <= within.end)) return []
  switch (within.type) {
    case 'VariableDeclarator':
      return within.id === name ? keyOf(within.init) : keysTo(name, within.id)
    case 'ObjectPattern':
      return within.properties.flatMap(property => keysTo(name, property))
    case 'Property':
      return [...literalKey(within.key, within.computed), ...keysTo(name, within.value)]
    case 'ArrayPattern':
      return within.elements.flatMap(element => keysTo(name, element))
    case 'AssignmentPattern':
      return keysTo(name, within.left)
    case 'RestElement':
      return keysTo(name, within.argument)
    default:
      return []
  }
}

function keyOf(init: Node | null | undefined): string[] {
  return init?.type === 'MemberExpression' ? literalKey(init.property, init.computed) : []
}

function literalKey(key: Node, isComputed: boolean): string[] {
  if (key.type === 'Identifier' && !isComputed) return [key.name]
  return key.type === 'Literal' ? [String(key.value)] : []
}
