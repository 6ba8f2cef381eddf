// A text to which changes are made at offsets, in any order, and the map that leads back from what comes of it. It is what
// is needed of magic-string, under its names.

import { createMappings, lastAtMost, lineStartsOf } from './mappings.ts'

export interface SourceMap {
  version: 3
  sources: string[]
  sourcesContent: string[]
  names: string[]
  mappings: string
}

export type Text = ReturnType<typeof createText>

interface Range {
  start: number
  end: number
}

interface Writer {
  /** A part of the source as it is. */
  addSource(start: number, end: number): void
  /** In the place of what is at the offset, or inserted. */
  addText(text: string, offset?: number): void
}

export function createText(source: string) {
  // What is inserted belongs to the text that ends at its offset or to that which begins there, and moves with it.
  const afterEnds = new Map<number, string>()
  const beforeStarts = new Map<number, string>()
  const updates = new Map<number, { end: number; text: string }>()
  const movedFrom = new Map<number, Range>()
  const movedTo = new Map<number, Range[]>()
  let appended = ''

  function writeTo({ addSource, addText }: Writer): void {
    const edited = [afterEnds, beforeStarts, updates, movedFrom, movedTo].flatMap(edits => [...edits.keys()])
    const cuts = [...edited, source.length].sort((a, b) => a - b)
    writeRange({ start: 0, end: source.length })
    addText(appended)

    function writeRange({ start, end }: Range): void {
      addText(beforeStarts.get(start) ?? '')
      for (let at = start, next = lastAtMost(cuts, start); at < end;) {
        while (cuts[next]! <= at) next++
        const update = updates.get(at)
        const until = update ? update.end : Math.min(cuts[next]!, end)
        if (update) addText(update.text, at)
        else addSource(at, until)
        at = until
        addText(afterEnds.get(at) ?? '')
        if (at === end) return
        movedTo.get(at)?.forEach(writeRange)
        for (let moved = movedFrom.get(at); moved; moved = movedFrom.get(at)) at = moved.end
        if (at < end) addText(beforeStarts.get(at) ?? '')
      }
    }
  }

  return {
    appendLeft(offset: number, text: string): void {
      afterEnds.set(offset, (afterEnds.get(offset) ?? '') + text)
    },
    prependRight(offset: number, text: string): void {
      beforeStarts.set(offset, text + (beforeStarts.get(offset) ?? ''))
    },
    update(start: number, end: number, text: string): void {
      updates.set(start, { end, text })
    },
    /** To the front of what begins at the offset, behind what was moved there before. */
    move(start: number, end: number, offset: number): void {
      movedFrom.set(start, { start, end })
      movedTo.set(offset, [...(movedTo.get(offset) ?? []), { start, end }])
    },
    append(text: string): void {
      appended += text
    },
    hasChanged: (): boolean => afterEnds.size > 0,
    /** The text as it is now, and the map from it to the source, which has every place where a word or a sign begins. */
    generate(filename: string): { code: string; map: SourceMap } {
      const parts: string[] = []
      const mappings = createMappings(source, lineStartsOf(source))
      writeTo({
        addSource(start, end) {
          parts.push(source.slice(start, end))
          mappings.addSource(start, end)
        },
        addText(text, offset) {
          if (!text) return
          parts.push(text)
          mappings.addText(text, offset)
        },
      })
      const map = withText({
        version: 3,
        sources: [filename],
        sourcesContent: [source],
        names: [],
        mappings: mappings.toString(),
      })
      return { code: parts.join(''), map }
    },
  }
}

/** The map, which is its own text for those who write it to a file. */
export const withText = (map: SourceMap): SourceMap =>
  Object.defineProperty(map, 'toString', { value: () => JSON.stringify(map) })
