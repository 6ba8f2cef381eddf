import { label } from './copy.ts'

const MAX_LEVELS = 5

/** The way to an element, as a selector of at most five levels that ends at the nearest id. */
export function elementPath(element: Element): string {
  const labels: string[] = []
  let node: Element | null = element
  for (; node && !labels[MAX_LEVELS - 1] && !/#/.test(labels[0]!); node = node.parentElement)
    labels.unshift(label(node))
  return labels.join(' > ')
}
