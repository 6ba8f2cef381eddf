import type { Comment, Function as FunctionNode, Node } from 'estree'
import type { Parsed } from './parse.ts'

/** What people call a function: its own name, or that of what it is assigned to. */
export function nameOf(node: FunctionNode, parents: Parsed['parents']): string {
  if ('id' in node && node.id) return node.id.name
  const parent = parents.get(node)
  switch (parent?.type) {
    case 'VariableDeclarator':
      return labelOf(parent.id)
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return labelOf(parent.left)
    case 'Property':
    case 'PropertyDefinition':
      return labelOf(parent.key)
    case 'MethodDefinition':
      return methodName(parent, parents)
    default:
      return ''
  }
}

function methodName(node: Node & { type: 'MethodDefinition' }, parents: Parsed['parents']): string {
  const owner = parents.get(parents.get(node)!)
  const className = owner && 'id' in owner && owner.id ? labelOf(owner.id) : ''
  if (node.kind === 'constructor') return `new ${className}`.trim()
  return [className, labelOf(node.key)].filter(Boolean).join('.')
}

function labelOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'PrivateIdentifier') return `#${node.name}`
  if (node.type === 'Literal') return String(node.value)
  if (node.type === 'MemberExpression') return labelOf(node.property)
  return ''
}

/** Whether a comment `ohnoes-no-locals` stands in front of the function, or of the statement, class or property it is in. */
export function isLeftAlone(node: Node, marks: Set<number>, parents: Parsed['parents']): boolean {
  for (let at: Node | null = node; at; at = parents.get(at) ?? null) if (marks.has(at.start)) return true
  return false
}

/** Where something begins that such a comment stands in front of. With a `!` minifiers and compilers keep it. */
export function findMarks(code: string, comments: Comment[]): Set<number> {
  const marking = comments.filter(({ value }) => /^[!*\s]*ohnoes-no-locals\s*$/.test(value))
  return new Set(marking.map(({ end }) => end + code.slice(end).search(/\S|$/)))
}
