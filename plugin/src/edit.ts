import type { Node, VariableDeclaration } from 'estree'
import type { Resolved } from './resolve.ts'
import type { Catch, Plan } from './scope.ts'
import { valuesOf } from './table.ts'
import type { Text } from './text.ts'

interface EditorOptions {
  names: 'artifact' | 'inline'
  /** Else it is `globalThis.__ohnoes_locals` that is called. */
  isImported: boolean
}

/** Writes the changes into the text. */
export function createEditor(text: Text, { dollarNames, parents }: Resolved, options: EditorOptions) {
  const { isImported } = options
  const call = isImported ? unusedName('$l') : 'globalThis.__ohnoes_locals'
  const error = unusedName('$e')

  function unusedName(wanted: string): string {
    let name = wanted
    for (let n = 1; dollarNames.has(name); n++) name = wanted + n
    return name
  }

  function wrapFunction({ whole, functions }: Plan, id: string): void {
    const { body } = whole.body
    for (const node of whole.declarations) becomeVar(node, body.includes(node))
    const statements = body.filter(node => !isDirective(node) && node.type !== 'FunctionDeclaration')
    const [first, last] = [statements[0]!, statements.at(-1)!]
    for (const node of functions)
      if (first.start < node.start && node.start < last.start) {
        // In its place a semicolon, or else the lines around it might become one statement.
        text.appendLeft(node.start, ';')
        text.move(node.start, node.end, first.start)
      }
    text.prependRight(first.start, 'try{')
    text.appendLeft(last.end, handler(whole, id))
  }

  function wrapBlock(block: Catch, id: string): void {
    for (const node of block.declarations) becomeAssignments(node)
    const declared = block.hoisted.length ? `let ${block.hoisted};` : ''
    text.appendLeft(block.body.start + 1, `${declared}try{`)
    text.appendLeft(block.body.end - 1, handler(block, id))
  }

  /**
   * The error goes on whatever happens to the call, which may be missing (the function's text was taken elsewhere) or
   * fail (the stack is full).
   */
  function handler({ locals }: Catch, id: string): string {
    const values = valuesOf(locals)
    const list = options.names === 'inline' ? `{${values}}` : `[${values}]`
    return `}catch(${error}){try{${call}(${error},"${id}",${list})}catch(${error}){}throw ${error}}`
  }

  function becomeVar(node: VariableDeclaration, isOnce: boolean): void {
    text.update(node.start, node.start + node.kind.length, 'var')
    const parent = parents.get(node)
    const isHead = parent?.type.startsWith('For') && !('body' in parent && parent.body === node)
    const unset = node.declarations.filter(({ init }) => !init)
    if (isOnce || (isHead && parent?.type !== 'ForStatement')) return
    for (const { id } of unset) text.appendLeft(id.end, ' = void 0')
    if (!isHead && unset.includes(node.declarations.at(-1)!)) endStatement(node)
  }

  function becomeAssignments(node: VariableDeclaration): void {
    const { start, kind, declarations } = node
    text.update(start, start + kind.length, ';(')
    for (const { id, init } of declarations) if (!init) text.appendLeft(id.end, ' = void 0')
    text.appendLeft(declarations.at(-1)!.end, ')')
    endStatement(node)
  }

  /** What was ended by a new line is ended by a semicolon: a `(` in the next line would make a call of it. */
  function endStatement({ end, declarations }: VariableDeclaration): void {
    if (declarations.at(-1)!.end === end) text.appendLeft(end, ';')
  }

  /** Where nothing moves and nothing is a directive any more. */
  function importRuntime(): void {
    if (isImported) text.append(`\nimport{$l${call === '$l' ? '' : ` as ${call}`}}from"ohnoes/locals"`)
  }

  return { wrapFunction, wrapBlock, importRuntime }
}

function isDirective(node: Node): boolean {
  return 'directive' in node && typeof node.directive === 'string'
}
