import { label } from './copy.ts'
import { record } from './crumbs.ts'
import { guard } from './guard.ts'
import { listen } from './patch.ts'
import { isSecret } from './scrub.ts'

const MAX_LEVELS = 5

/** The way to an element, out of shadow roots too, as a selector of at most five levels that ends at the nearest id. */
export function elementPath(element: Element): string {
  const labels: string[] = []
  let node: Node | null = element
  for (
    ;
    node && !labels[MAX_LEVELS - 1] && !/#|\[d/.test(labels[0]!);
    node = node.parentNode || (node as ShadowRoot).host
  )
    if ((node as Element).localName) labels.unshift(label(node as Element))
  return labels.join(' > ')
}

/** Records clicks, and of what was put into a field its length and kind; of a secret not even that. */
export function watchDom(): void {
  listen(
    'click,change',
    guard((event: Event) => {
      const field = event.composedPath()[0] as HTMLInputElement
      const message = elementPath(field)
      const isTyped = event.type == 'change'
      const kind = isTyped && field.type // a click runs no getter of a custom element
      record(
        isTyped ? 'ui.input' : 'ui.click',
        message,
        isTyped && !isSecret(kind + message) ? { kind, length: field.value.length } : undefined,
      )
    }),
  )
}
