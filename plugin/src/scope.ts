// Which variables of a function a `catch` can be made to see, and what has to change in the text for that such that the
// program cannot tell. docs/decisions/004 has the rules and why they hold.

import type {
  BlockStatement,
  Function as FunctionNode,
  FunctionDeclaration,
  Node,
  Pattern,
  VariableDeclaration,
  VariableDeclarator,
} from 'estree'
import { closureAround, isFunction, isPlain, setAt } from './order.ts'
import type { Scope, Variable } from './scopes.ts'
import { isSecret } from './secret.ts'
import { canThrow } from './throws.ts'

// Forty of them, in the one function of preact-render-to-string where it spends its time, cost 40 %; twelve 5 % or so.
const MAX_VALUES = 12

/** A variable, and the offsets between which its name means it and it has a value. */
export interface Local {
  name: string
  start: number
  end: number
  /** Or else it is only known to be there, and may hide another of its name. */
  isSeen: boolean
}

/** What a `try` goes around, the body of the function or a block in it, and what its `catch` sees. */
export interface Catch {
  body: BlockStatement
  locals: Local[]
  /**
   * For a function: to become `var`. For a block: to become assignments to variables in front of the `try`, since
   * closures hold them, one set for each turn of a loop.
   */
  declarations: VariableDeclaration[]
  hoisted: string[]
}

export interface Plan {
  whole: Catch
  blocks: Catch[]
  /** Declared at the top of the body: to be moved in front of the `try`, so that they stay the function's own. */
  functions: FunctionDeclaration[]
}

interface Draft extends Omit<Plan, 'blocks'> {
  scope: Scope
  blocks: Map<BlockStatement, Catch>
  /** Names that the function takes from the code around it. */
  outer: Set<string>
  /** Names of functions declared in blocks: sloppy code also sets a `var` of that name, where no `let` forbids it. */
  annexB: Set<string>
}

/** Nothing if the function has to be left alone, or has nothing to show. */
export function plan(scope: Scope): Plan | undefined {
  const { body } = scope.block as FunctionNode
  if (body.type !== 'BlockStatement') return
  const scopes = ownScopes(scope)
  if (isDynamic(scope, scopes) || body.body.some(isLabelledFunction)) return
  if (!canThrow(scope, body.body)) return
  const nested = scopes.slice(1).flatMap(({ set }) => [...set.values()])
  const draft: Draft = {
    scope,
    whole: { body, locals: [], declarations: [], hoisted: [] },
    blocks: new Map(),
    functions: body.body.filter(node => node.type === 'FunctionDeclaration'),
    outer: scope.through,
    annexB: new Set(nested.filter(isFunctionName).map(({ name }) => name)),
  }
  for (const own of scopes) {
    planOthers(own, draft)
    planLexical(own, draft)
  }
  const { whole, functions } = draft
  const blocks = [...draft.blocks.values()]
  for (const { locals } of [whole, ...blocks]) limit(locals)
  const isShowing = [whole, ...blocks].some(({ locals }) => locals.some(({ isSeen }) => isSeen))
  return isShowing && !losesBindings(draft) ? { whole, blocks, functions } : undefined
}

/** What a `catch` sees the engine has to keep at every call within its `try`: of the first so many it is. */
function limit(locals: Local[]): void {
  const names = new Set<string>()
  for (const local of locals) {
    if (!local.isSeen) continue
    names.add(local.name)
    local.isSeen = names.size <= MAX_VALUES
  }
}

/** Parameters and `var`, which a `catch` sees anyway; and names in blocks that may hide them. */
function planOthers(own: Scope, { scope, whole }: Draft): void {
  const { start, end } = own.block
  for (const variable of own.set.values()) {
    const mayHide = own !== scope && own.type !== 'class' && !lexicalDeclaration(variable)
    const isSeen = isVar(variable) && !isSecret(variable)
    if (isVar(variable) || mayHide) whole.locals.push({ name: variable.name, start, end, isSeen })
  }
}

/** `let` and `const`. All that one statement declares changes together. */
function planLexical(own: Scope, draft: Draft): void {
  const together = new Map<VariableDeclaration, Variable[]>()
  for (const variable of own.set.values()) {
    const node = lexicalDeclaration(variable)
    if (node) together.set(node, [...(together.get(node) ?? []), variable])
  }
  for (const [node, variables] of together) {
    const isWanted = variables.some(variable => isShown(variable) || isHeldByDeclared(variable, draft))
    const seenBy = isWanted ? catchFor(node, variables, draft) : undefined
    for (const variable of variables) {
      const isSeen = !!seenBy && isShown(variable)
      const { start, end } = isSeen && seenBy !== draft.whole ? seenBy.body : own.block
      const from = isSeen ? Math.max(start, setAt(declaratorOf(variable), own)) : start
      const { locals } = seenBy ?? draft.whole
      locals.push({ name: variable.name, start: from, end, isSeen })
    }
  }
}

/** Finds the `catch` for what a statement declares, and notes what has to change for it. */
function catchFor(node: VariableDeclaration, variables: Variable[], draft: Draft): Catch | undefined {
  const { scope: own } = variables[0]!
  const { scope, whole, outer, annexB } = draft
  // At the top of the body, only a default of a parameter can take such a name from outside; minifiers mix up the two.
  const isFree = ({ name }: Variable) =>
    !outer.has(name) && !scopesBetween(own, scope).some(({ set }) => set.has(name))
  const isHeld = (variable: Variable) => variable.references.some(reference => closureAround(reference, own))
  const arePlain = variables.every(variable => isPlain(variable, declaratorOf(variable), node.kind))

  if (
    arePlain &&
    variables.every(variable => isFree(variable) && !annexB.has(variable.name)) &&
    (own === scope || !variables.some(isHeld))
  ) {
    whole.declarations.push(node)
    return whole
  }
  // The head of a loop stays as it is, whose body sees it.
  if (own.type === 'for' && 'body' in own.block) return catchOf(own.block.body as Node, draft)
  if (own.type !== 'block' || !arePlain || node.declarations.some(({ id }) => hasItems(id))) return
  const found = catchOf(own.block, draft)
  found?.declarations.push(node)
  found?.hoisted.push(...variables.map(({ name }) => name))
  return found
}

/** The `catch` of a block. None if functions are declared in it: there is no place for them. */
function catchOf(body: Node, { blocks }: Draft): Catch | undefined {
  if (body.type !== 'BlockStatement') return
  if (body.body.some(node => node.type === 'FunctionDeclaration' || isLabelledFunction(node))) return
  const found = blocks.get(body) ?? { body, locals: [], declarations: [], hoisted: [] }
  blocks.set(body, found)
  return found
}

/**
 * Whether something that stays within the `try` is used by a declared function, which is moved out of it. Or has the
 * name of a function in a block: within a block of its own, terser and oxc take the one for the other.
 */
function losesBindings(draft: Draft): boolean {
  return [...draft.scope.set.values()].some(variable => {
    const node = lexicalDeclaration(variable)
    const stays = node
      ? !draft.whole.declarations.includes(node)
      : !isVar(variable) && !isFunctionName(variable)
    return stays && (draft.annexB.has(variable.name) || isHeldByDeclared(variable, draft))
  })
}

function isHeldByDeclared(variable: Variable, { scope, functions }: Draft): boolean {
  return (
    variable.scope === scope &&
    functions.length > 0 &&
    variable.references.some(reference =>
      functions.includes(closureAround(reference, scope)?.block as FunctionDeclaration),
    )
  )
}

/** The scope and those in it that are not another function's. */
function ownScopes(scope: Scope): Scope[] {
  const found: Scope[] = []
  collect(scope)
  return found

  function collect(own: Scope): void {
    found.push(own)
    for (const child of own.childScopes)
      if (child.variableScope === scope.variableScope && child.type !== 'function-expression-name')
        collect(child)
  }
}

/** From the scope around `inner` to `outer`, both included. */
function scopesBetween(inner: Scope, outer: Scope): Scope[] {
  const scopes: Scope[] = []
  for (let at = inner; at !== outer;) scopes.push((at = at.upper!))
  return scopes
}

/** Whether names may mean something else than the text says: `eval` in it, `with` in or around it. */
function isDynamic(scope: Scope, scopes: Scope[]): boolean {
  let isInWith = false
  for (let at: Scope | null = scope; at; at = at.upper) isInWith ||= at.type === 'with'
  return isInWith || scope.isDynamic || scopes.some(({ type }) => type === 'with')
}

function isVar({ defs }: Variable): boolean {
  return defs.some(
    ({ type, parent }) => type === 'Parameter' || (type === 'Variable' && parent?.kind === 'var'),
  )
}

function isFunctionName({ defs }: Variable): boolean {
  return defs.some(({ type }) => type === 'FunctionName')
}

function lexicalDeclaration({ defs: [def] }: Variable): VariableDeclaration | undefined {
  if (def?.type !== 'Variable') return
  return def.parent?.kind === 'let' || def.parent?.kind === 'const' ? def.parent : undefined
}

function declaratorOf({ defs: [def] }: Variable): VariableDeclarator {
  return def!.node as VariableDeclarator
}

/**
 * Whether a pattern takes items: V8 words it otherwise that something is not iterable in an assignment than in a
 * declaration (Node 20, `n is not iterable` and `undefined is not iterable (cannot read property …)`).
 */
function hasItems(pattern: Pattern): boolean {
  if (pattern.type === 'ObjectPattern')
    return pattern.properties.some(property =>
      hasItems(property.type === 'Property' ? property.value : property.argument),
    )
  return pattern.type === 'AssignmentPattern' ? hasItems(pattern.left) : pattern.type === 'ArrayPattern'
}

/** Not secret, and more than a name for a function. */
function isShown(variable: Variable): boolean {
  return !isSecret(variable) && !isFunction(declaratorOf(variable).init)
}

function isLabelledFunction(node: Node): boolean {
  return (
    node.type === 'LabeledStatement' &&
    (node.body.type === 'FunctionDeclaration' || isLabelledFunction(node.body))
  )
}
