// What comes before what when a function runs, as far as its text tells: the temporal dead zone.
//
// Within one block, text order is time order: a statement runs only after those in front of it have ended well. A loop
// around the block changes nothing, since its variables are new in each turn. What breaks the order is a closure, which
// runs when it is called, and the cases of a `switch`, which can be jumped to.

import type { Node, VariableDeclarator } from 'estree'
import type { Reference, Scope, Variable } from './scopes.ts'

/** The offset from which on a variable of this declarator has its value. */
export function setAt(declarator: VariableDeclarator, scope: Scope): number {
  const { block } = scope
  const isHead = (block.type === 'ForInStatement' || block.type === 'ForOfStatement') && scope.type === 'for'
  return isHead ? block.right.end : declarator.end
}

/** Whether nothing can meet the `let` or `const` before it is set, nor write to the `const`. */
export function isPlain(variable: Variable, declarator: VariableDeclarator, kind: string): boolean {
  const { scope } = variable
  // `if (a) function f() {}` declares in a block of its own, which the scopes do not have.
  if (variable.defs.length > 1) return false
  const after = setAt(declarator, scope)
  const end = endOfCase(scope, declarator)
  return variable.references.every(reference => {
    const { start } = reference.identifier
    if (start > end || (kind === 'const' && reference.isWrite)) return false
    if (start < after) return isFunction(declarator.init) && contains(declarator.init, start)
    const declared = hoistedAround(reference, scope)
    return !declared || startOf(declared.upper!) >= after || isCalledAfter(declared, scope, after)
  })
}

/** The function of a scope's own code in which a reference stands, or nothing if it is in the scope's own code. */
export function closureAround(reference: Reference, scope: Scope): Scope | undefined {
  let closure: Scope | undefined
  for (let at = reference.from; at.variableScope !== scope.variableScope; at = closure.upper!)
    closure = at.variableScope
  return closure
}

export function isFunction(node: Node | null | undefined): node is Node {
  return node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression'
}

/** The same if that function is declared, which makes it exist from the start of its block on. */
function hoistedAround(reference: Reference, scope: Scope): Scope | undefined {
  const closure = closureAround(reference, scope)
  return closure?.block.type === 'FunctionDeclaration' ? closure : undefined
}

/**
 * Whether a function declared at the top of the body, next to the variable, is named only after the offset: by the
 * function's own code, by closures made there, or by other declared functions of which the same is true.
 */
function isCalledAfter(declared: Scope, scope: Scope, after: number): boolean {
  if (scope.type !== 'function') return false
  const visited = new Set([declared])
  for (const { block, upper } of visited) {
    const variable = upper === scope && block.type === 'FunctionDeclaration' && scope.set.get(block.id.name)
    if (!variable || variable.defs.some(({ type }) => type !== 'FunctionName')) return false
    for (const reference of variable.references) {
      const caller = hoistedAround(reference, scope)
      if (caller && startOf(caller.upper!) < after) visited.add(caller)
      else if (reference.identifier.start < after) return false
    }
  }
  return true
}

/** In a `switch` the order holds as far as the case goes. */
function endOfCase({ type, block }: Scope, declarator: Node): number {
  if (type !== 'switch' || block.type !== 'SwitchStatement') return Infinity
  return block.cases.find(({ end }) => end >= declarator.end)!.end
}

function startOf(scope: Scope): number {
  return scope.block.start
}

function contains(node: Node, offset: number): boolean {
  return node.start <= offset && offset < node.end
}
