import { label } from './copy.ts'
import { record } from './crumbs.ts'
import { guard } from './guard.ts'
import { listen } from './patch.ts'
import { isSecret } from './scrub.ts'

const MAX_LEVELS = 5

/** The way to an element, out of shadow roots too, as a selector of at most five levels that ends at the nearest id. */
export function elementPath(element: Element): string {
  const labels: string[] = []
  for (
    let node: Node | null = element;
    node && !labels[MAX_LEVELS - 1] && !/\[i?d/.test(labels[0]!);
    node = node.parentNode || (node as ShadowRoot).host
  )
    if ((node as Element).localName) labels.unshift(label(node as Element))
  return labels.join(' > ')
}

/** Records clicks, and of what was put into a field its length and kind; of a secret not even that. */
export function watchDom(): void {
  listen(
    'click',
    guard((event: Event) => record('ui.click', elementPath(event.composedPath()[0] as Element))),
  )
  listen(
    'change',
    guard((event: Event) => {
      const field = event.composedPath()[0] as HTMLInputElement
      const kind = field.type
      const message = elementPath(field)
      record('ui.input', message, isSecret(kind + message) ? undefined : { kind, length: field.value.length })
    }),
  )
}
