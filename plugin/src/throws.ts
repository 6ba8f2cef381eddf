import type { Expression, Node, Pattern, Statement } from 'estree'
import type { Definition, Scope } from './scopes.ts'

/**
 * Whether running the body of a function might throw. Only what cannot do so whatever the values are is known here:
 * constants, variables of its own, comparing by identity, making functions, arrays and objects.
 */
export function canThrow(scope: Scope, statements: Statement[]): boolean {
  const isOwn = (name: string) => scope.set.has(name) && scope.set.get(name)!.defs.every(isSetFromStart)
  return !statements.every(isSafeStatement)

  function isSafeStatement(node: Statement): boolean {
    switch (node.type) {
      case 'EmptyStatement':
      case 'FunctionDeclaration':
        return true
      case 'ExpressionStatement':
        return isSafe(node.expression)
      case 'ReturnStatement':
        return !node.argument || isSafe(node.argument)
      case 'IfStatement':
        return (
          [node.consequent, node.alternate].every(part => !part || isSafeStatement(part)) && isSafe(node.test)
        )
      case 'BlockStatement':
        return node.body.every(isSafeStatement)
      default:
        return false
    }
  }

  function isSafe(node: Expression | Pattern | Node): boolean {
    switch (node.type) {
      case 'Literal':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return true
      case 'Identifier':
        return isOwn(node.name)
      case 'TemplateLiteral':
        return node.expressions.length === 0
      case 'UnaryExpression':
        return /^(!|typeof|void)$/.test(node.operator) && isSafe(node.argument)
      case 'BinaryExpression':
        return /^[!=]==$/.test(node.operator) && isSafe(node.left) && isSafe(node.right)
      case 'LogicalExpression':
        return isSafe(node.left) && isSafe(node.right)
      case 'ConditionalExpression':
        return isSafe(node.test) && isSafe(node.consequent) && isSafe(node.alternate)
      case 'ArrayExpression':
        return node.elements.every(element => !element || isSafe(element))
      case 'ObjectExpression':
        return node.properties.every(
          property => property.type === 'Property' && !property.computed && isSafe(property.value),
        )
      default:
        return false
    }
  }
}

function isSetFromStart({ type, parent }: Definition): boolean {
  return type === 'Parameter' || type === 'FunctionName' || (type === 'Variable' && parent?.kind === 'var')
}
