// Which variable each name of a module means: one walk over the tree. eslint-scope does the same for all the purposes
// that there are, in several times the time. Longer than other files, as one switch goes over the whole language.

import type {
  CatchClause,
  Class,
  Function as FunctionNode,
  Identifier,
  Node,
  Pattern,
  Program,
  VariableDeclaration,
} from 'estree'
import {
  closeScope,
  define,
  openScope,
  variableOf,
  type Definition,
  type Scope,
  type ScopeType,
} from './scopes.ts'

export interface Resolved {
  /** One for each function, in the order of the text. */
  functionScopes: Scope[]
  /** Of functions, methods, bodies of classes and declarations of variables. */
  parents: Map<Node, Node>
  /** Those that begin with `$`. */
  dollarNames: Set<string>
}

const DOLLAR = 36

export function resolveNames(program: Program, isModule: boolean): Resolved {
  const functionScopes: Scope[] = []
  const parents = new Map<Node, Node>()
  const dollarNames = new Set<string>()
  let current!: Scope

  open('global', program)
  // CommonJS is the body of a function.
  open(isModule ? 'module' : 'function', program)
  visitAll(program.body, program)
  return { functionScopes, parents, dollarNames }

  function open(type: ScopeType, block: Node): void {
    current = openScope(type, block, (current as Scope | undefined) ?? null)
  }

  function close(): void {
    closeScope(current)
    current = current.upper!
  }

  function declare(scope: Scope, name: Identifier, type: Definition['type'], node: Node): Definition {
    noteName(name.name)
    return define(scope, name, type, node)
  }

  function refer(identifier: Identifier, isWrite: boolean): void {
    current.left.push({ identifier, from: current, isWrite })
    noteName(identifier.name)
  }

  function noteName(name: string): void {
    if (name.charCodeAt(0) === DOLLAR) dollarNames.add(name)
  }

  function visitAll(nodes: readonly (Node | null)[], parent: Node): void {
    for (const node of nodes) if (node) visit(node, parent)
  }

  function visitEach(node: Node): void {
    for (const child of Object.values(node) as unknown[])
      if (Array.isArray(child)) visitAll(child.filter(isNode), node)
      else if (isNode(child)) visit(child, node)
  }

  function visit(node: Node, parent: Node): void {
    switch (node.type) {
      case 'Identifier':
        return refer(node, false)
      case 'Literal':
      case 'TemplateElement':
      case 'ThisExpression':
      case 'Super':
      case 'PrivateIdentifier':
      case 'MetaProperty':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ExportAllDeclaration':
        return
      case 'MemberExpression':
        visit(node.object, node)
        if (node.computed) visit(node.property, node)
        return
      case 'CallExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'eval') noteEval()
        visit(node.callee, node)
        return visitAll(node.arguments, node)
      case 'ExpressionStatement':
      case 'ChainExpression':
        return visit(node.expression, node)
      case 'NewExpression':
        visit(node.callee, node)
        return visitAll(node.arguments, node)
      case 'ReturnStatement':
      case 'UnaryExpression':
      case 'AwaitExpression':
      case 'SpreadElement':
        return node.argument ? visit(node.argument, node) : undefined
      case 'IfStatement':
      case 'ConditionalExpression':
        visit(node.test, node)
        visit(node.consequent, node)
        return node.alternate ? visit(node.alternate, node) : undefined
      case 'ArrayExpression':
        return visitAll(node.elements, node)
      case 'ObjectExpression':
        return visitAll(node.properties, node)
      case 'TemplateLiteral':
        return visitAll(node.expressions, node)
      case 'BinaryExpression':
      case 'LogicalExpression':
        visit(node.left, node)
        return visit(node.right, node)
      case 'Property':
      case 'MethodDefinition':
        if (node.computed) visit(node.key, node)
        if (node.type === 'MethodDefinition') parents.set(node, parent)
        return visit(node.value, node)
      case 'AssignmentExpression':
        visitAssigned(node.left, node, node.operator)
        return visit(node.right, node)
      case 'UpdateExpression':
        return node.argument.type === 'Identifier' ? refer(node.argument, true) : visit(node.argument, node)
      case 'VariableDeclaration':
        return visitVariables(node, parent)
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return visitFunction(node, parent)
      case 'ClassDeclaration':
      case 'ClassExpression':
        return visitClass(node)
      case 'PropertyDefinition':
        if (node.computed) visit(node.key, node)
        return node.value ? visitIn('class-field-initializer', node.value, [node.value], node) : undefined
      case 'StaticBlock':
        return visitIn('class-static-block', node, node.body, node)
      case 'BlockStatement':
        return visitIn('block', node, node.body, node)
      case 'SwitchStatement':
        visit(node.discriminant, node)
        return visitIn('switch', node, node.cases, node)
      case 'WithStatement':
        visit(node.object, node)
        return visitIn('with', node, [node.body], node)
      case 'CatchClause':
        return visitCatch(node)
      case 'LabeledStatement':
        return visit(node.body, node)
      case 'ForStatement': {
        const parts = [node.init ?? null, node.test ?? null, node.update ?? null, node.body]
        return isLexical(node.init) ? visitIn('for', node, parts, node) : visitAll(parts, node)
      }
      case 'ForInStatement':
      case 'ForOfStatement': {
        const hasScope = isLexical(node.left)
        if (hasScope) open('for', node)
        if (node.left.type === 'VariableDeclaration') visit(node.left, node)
        else visitAssigned(node.left, node, '=')
        visit(node.right, node)
        visit(node.body, node)
        return hasScope ? close() : undefined
      }
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) declare(current, specifier.local, 'ImportBinding', specifier)
        return
      case 'ExportNamedDeclaration':
        if (node.declaration) return visit(node.declaration, node)
        if (!node.source) for (const { local } of node.specifiers) visit(local, node)
        return
      default:
        return visitEach(node)
    }
  }

  function visitIn(type: ScopeType, block: Node, nodes: readonly (Node | null)[], parent: Node): void {
    open(type, block)
    visitAll(nodes, parent)
    close()
  }

  function visitFunction(node: FunctionNode, parent: Node): void {
    parents.set(node, parent)
    const id = 'id' in node ? node.id : undefined
    if (id && node.type === 'FunctionDeclaration') declare(current, id, 'FunctionName', node)
    const isNamedExpression = id && node.type === 'FunctionExpression'
    if (isNamedExpression) {
      open('function-expression-name', node)
      declare(current, id, 'FunctionName', node)
    }
    open('function', node)
    functionScopes.push(current)
    if (node.type !== 'ArrowFunctionExpression') variableOf(current, 'arguments')
    for (const pattern of node.params)
      visitNames(pattern, node, name => declare(current, name, 'Parameter', pattern))
    if (node.body.type === 'BlockStatement') visitAll(node.body.body, node.body)
    else visit(node.body, node)
    close()
    if (isNamedExpression) close()
  }

  function visitClass(node: Class): void {
    if (node.id && node.type === 'ClassDeclaration') declare(current, node.id, 'ClassName', node)
    open('class', node)
    if (node.id) declare(current, node.id, 'ClassName', node)
    if (node.superClass) visit(node.superClass, node)
    parents.set(node.body, node)
    visitAll(node.body.body, node.body)
    close()
  }

  function visitVariables(node: VariableDeclaration, parent: Node): void {
    parents.set(node, parent)
    const scope = node.kind === 'var' ? current.variableScope : current
    for (const declarator of node.declarations) {
      visitNames(declarator.id, declarator, name => {
        declare(scope, name, 'Variable', declarator).parent = node
      })
      if (declarator.init) visit(declarator.init, declarator)
    }
  }

  function visitCatch(node: CatchClause): void {
    open('catch', node)
    if (node.param) visitNames(node.param, node, name => declare(current, name, 'CatchClause', node))
    visit(node.body, node)
    close()
  }

  function visitAssigned(pattern: Pattern, parent: Node, operator: string): void {
    if (operator === '=' || pattern.type === 'Identifier')
      visitNames(pattern, parent, name => refer(name, true))
    else visit(pattern, parent)
  }

  /** The names that a pattern declares or sets, and after them the values in it. */
  function visitNames(pattern: Pattern, parent: Node, onName: (name: Identifier) => void): void {
    if (pattern.type === 'Identifier') return void onName(pattern)
    if (pattern.type === 'MemberExpression') return visit(pattern, parent)
    const values: [value: Node, parent: Node][] = []
    collectNames(pattern, onName, values)
    for (const [value, around] of values) visit(value, around)
  }

  function noteEval(): void {
    for (let scope: Scope | null = current.variableScope; scope; scope = scope.upper) scope.isDynamic = true
  }
}

function collectNames(
  pattern: Pattern,
  onName: (name: Identifier) => void,
  values: [value: Node, parent: Node][],
): void {
  switch (pattern.type) {
    case 'Identifier':
      return onName(pattern)
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') collectNames(property.argument, onName, values)
        else {
          if (property.computed) values.push([property.key, property])
          collectNames(property.value, onName, values)
        }
      }
      return
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) collectNames(element, onName, values)
      return
    case 'AssignmentPattern':
      collectNames(pattern.left, onName, values)
      values.push([pattern.right, pattern])
      return
    case 'RestElement':
      return collectNames(pattern.argument, onName, values)
    default:
      values.push([pattern, pattern])
  }
}

function isLexical(node: Node | null | undefined): boolean {
  return node?.type === 'VariableDeclaration' && node.kind !== 'var'
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}
