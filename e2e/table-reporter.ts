// Prints, at the end of a run, what specs attached as columns: one table a title, one column an engine.

import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'
import type { TestInfo } from '@playwright/test'

const NAME = 'column'
const WIDTH = 44

interface Column {
  table: string
  /** What to say in each row, by the row's name. */
  cells: Record<string, string>
}

/** Adds a column, headed by the engine of the test, to the table of this title. */
export function attachColumn(testInfo: TestInfo, column: Column): Promise<void> {
  return testInfo.attach(NAME, { body: JSON.stringify(column), contentType: 'application/json' })
}

export default class TableReporter implements Reporter {
  private tables = new Map<string, Map<string, Column['cells']>>()

  onTestEnd(test: TestCase, result: TestResult) {
    const engine = test.parent.project()?.name ?? ''
    for (const { name, body } of result.attachments) {
      if (name !== NAME || !body) continue
      const { table, cells } = JSON.parse(body.toString()) as Column
      const columns = this.tables.get(table) ?? new Map<string, Column['cells']>()
      this.tables.set(table, columns.set(engine, { ...columns.get(engine), ...cells }))
    }
  }

  onEnd() {
    for (const [title, columns] of this.tables) {
      const rows = [...new Set([...columns.values()].flatMap(cells => Object.keys(cells)))]
      const line = (row: string, cells: string[]) =>
        [row, ...cells].map(text => text.slice(0, WIDTH - 1).padEnd(WIDTH)).join('')
      console.log(`\n${line(title, [...columns.keys()])}`)
      for (const row of rows)
        console.log(
          line(
            row,
            [...columns.values()].map(cells => cells[row] ?? ''),
          ),
        )
    }
  }
}
