import type { Comment, Function as FunctionNode, Node, Program } from 'estree'
import type { Resolved } from './resolve.ts'

/** What people call a function: its own name, or that of what it is assigned to. */
export function nameOf(node: FunctionNode, parents: Resolved['parents']): string {
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

function methodName(node: Node & { type: 'MethodDefinition' }, parents: Resolved['parents']): string {
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

/** The functions with a comment `ohnoes-no-locals` in front of them, or of the statement, class or property they are in. */
export function findLeftAlone(code: string, program: Program, comments: Comment[]): Set<Node> {
  const found = new Set<Node>()
  const marks = findMarks(code, comments)
  if (marks.size) program.body.forEach(node => look(node, false))
  return found

  function look(value: unknown, isLeftAlone: boolean): void {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) return value.forEach(one => look(one, isLeftAlone))
    if (!('type' in value)) return
    const node = value as Node // nothing else in a tree has a type
    const isMarked = isLeftAlone || marks.has(node.start)
    if (isMarked) found.add(node)
    for (const child of Object.values(node)) look(child, isMarked)
  }
}

/** Where something begins that such a comment stands in front of. With a `!` minifiers and compilers keep it. */
function findMarks(code: string, comments: Comment[]): Set<number> {
  const marking = comments.filter(({ value }) => /^[!*\s]*ohnoes-no-locals\s*$/.test(value))
  return new Set(marking.map(({ end }) => end + code.slice(end).search(/\S|$/)))
}
