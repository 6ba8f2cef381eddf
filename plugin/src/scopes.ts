// The scopes of a module as the specification has them, those of parameters, classes, static blocks and heads of loops
// among them, and what is declared and used in each. Shapes and names are eslint-scope's, which made them before.

import type { Identifier, Node, VariableDeclaration } from 'estree'

export type ScopeType =
  | 'global'
  | 'module'
  | 'function'
  | 'function-expression-name'
  | 'block'
  | 'switch'
  | 'catch'
  | 'with'
  | 'for'
  | 'class'
  | 'class-field-initializer'
  | 'class-static-block'

export interface Scope {
  type: ScopeType
  block: Node
  upper: Scope | null
  /** Where its `var` go. */
  variableScope: Scope
  childScopes: Scope[]
  /** In the order of the text, parameters first. */
  set: Map<string, Variable>
  /** Names that it, with what is in it, takes from the code around it. Only of functions. */
  through: Set<string>
  /** Whether an `eval` in it may declare more. */
  isDynamic: boolean
  /** What is used in it, or is left by what is in it. */
  left: Reference[]
}

export interface Variable {
  name: string
  scope: Scope
  defs: Definition[]
  /** All but those of its own declaration. */
  references: Reference[]
}

export interface Definition {
  type: 'Parameter' | 'Variable' | 'FunctionName' | 'ClassName' | 'CatchClause' | 'ImportBinding'
  name: Identifier
  /** The pattern of the parameter, the declarator, or what else declares it. */
  node: Node
  /** Of `var`, `let` and `const`. */
  parent?: VariableDeclaration
}

export interface Reference {
  identifier: Identifier
  from: Scope
  isWrite: boolean
}

const NO_NAMES = new Map<string, Variable>()
const NO_THROUGH = new Set<string>()
const HAS_OWN_VARS = new Set([
  'global',
  'module',
  'function',
  'class-field-initializer',
  'class-static-block',
])

export function openScope(type: ScopeType, block: Node, upper: Scope | null): Scope {
  const scope = {
    type,
    block,
    upper,
    childScopes: [],
    set: NO_NAMES,
    through: type === 'function' ? new Set<string>() : NO_THROUGH,
    isDynamic: false,
    left: [],
  } as unknown as Scope // the next line adds what is missing
  scope.variableScope = HAS_OWN_VARS.has(type) ? scope : upper!.variableScope
  upper?.childScopes.push(scope)
  return scope
}

/** Finds the variables for the names in the scope; the rest is left to the scope around it. */
export function closeScope({ set, through, upper, left, type }: Scope): void {
  for (const reference of left) {
    const { name } = reference.identifier
    const variable = set.size ? set.get(name) : undefined
    if (variable && !isOutOfReach(reference, variable)) variable.references.push(reference)
    else {
      if (type === 'function') through.add(name)
      upper!.left.push(reference)
    }
  }
}

export function define(
  scope: Scope,
  identifier: Identifier,
  type: Definition['type'],
  node: Node,
): Definition {
  const definition: Definition = { type, name: identifier, node }
  variableOf(scope, identifier.name).defs.push(definition)
  return definition
}

export function variableOf(scope: Scope, name: string): Variable {
  if (scope.set === NO_NAMES) scope.set = new Map()
  let variable = scope.set.get(name)
  if (!variable) scope.set.set(name, (variable = { name, scope, defs: [], references: [] }))
  return variable
}

/** Defaults of parameters do not see what the function's body declares. */
function isOutOfReach({ identifier }: Reference, { scope, defs }: Variable): boolean {
  if (scope.type !== 'function' || !('params' in scope.block)) return false
  const { start } = scope.block.body
  return identifier.start < start && defs.every(({ name }) => name.start >= start)
}
