import { label } from './copy.ts'

const MAX_LEVELS = 5

/** The way to an element, as a selector of at most five levels that ends at the nearest id. */
export function elementPath(element: Element): string {
  const labels: string[] = []
  for (let node: Element | null = element; node && labels.length < MAX_LEVELS; node = node.parentElement) {
    labels.unshift(label(node))
    if (labels[0]!.includes('#')) break
  }
  return labels.join(' > ')
}
