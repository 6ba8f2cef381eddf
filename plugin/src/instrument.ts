// Wraps functions such that an exception on its way out leaves the values of their variables behind. The normal path
// pays for a `try`; what the program does, it does as before.

import type { Function as FunctionNode } from 'estree'
import { createEditor } from './edit.ts'
import { findLeftAlone, nameOf } from './function.ts'
import { parse, type Parser } from './parse.ts'
import { resolveNames } from './resolve.ts'
import { plan } from './scope.ts'
import { createTable, type Table } from './table.ts'
import { createText, type SourceMap } from './text.ts'

export type { Range, Table, TableEntry, TableVariable } from './table.ts'

export interface InstrumentOptions {
  /** From the project's root, with `/`: the ids are made of it and are to be the same on every machine. */
  filename: string
  /** Where the variables' names go: only into the table (the default), or also into the code. */
  names?: 'artifact' | 'inline'
  /** What the code calls: an import of `ohnoes/locals` (the default), or `globalThis.__ohnoes_locals`, as scripts always do. */
  runtime?: 'import' | 'global'
  /** Whether text without module syntax is a module, too, unless it looks like CommonJS: so Rollup takes it. */
  isModule?: boolean
  /** In the place of the one that is there. */
  parser?: Parser
}

export interface Instrumented {
  code: string
  /** Null if the code was left as it is. */
  map: SourceMap | null
  /** What each id in the code stands for; positions are those of the code that was given. */
  table: Table
}

/**
 * Takes JavaScript, after types and JSX are compiled away and before it is minified. Throws a SyntaxError, with `pos`
 * and `loc`, for anything else.
 */
export function instrument(code: string, options: InstrumentOptions): Instrumented {
  const { filename, names = 'artifact', runtime = 'import' } = options
  const { program, isModule, comments } = parse(code, options.isModule ?? false, options.parser)
  const resolved = resolveNames(program, isModule)
  const leftAlone = findLeftAlone(code, program, comments)
  const text = createText(code)
  const editor = createEditor(text, resolved, { names, isImported: isModule && runtime === 'import' })
  const { table, add } = createTable(code, filename)

  for (const scope of resolved.functionScopes) {
    const node = scope.block as FunctionNode
    const planned = leftAlone.has(node) ? undefined : plan(scope)
    if (!planned) continue
    const name = nameOf(node, resolved.parents)
    const id = add(name, node, planned.whole)
    editor.wrapFunction(planned, id)
    for (const block of planned.blocks) editor.wrapBlock(block, add(name, block.body, block, id))
  }
  if (!text.hasChanged()) return { code, map: null, table }
  editor.importRuntime()
  return { ...text.generate(filename), table }
}
