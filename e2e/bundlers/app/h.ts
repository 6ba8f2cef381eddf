type Component = (props: Record<string, unknown>) => unknown

/** What JSX becomes: components are called where they stand. */
export function h(
  tag: string | Component,
  props: Record<string, unknown> | null,
  ...children: unknown[]
): unknown {
  if (typeof tag === 'string') return [tag, props, children]
  const made = tag({ ...props, children })
  console.debug(made)
  return made
}

declare global {
  namespace JSX {
    interface IntrinsicElements {
      main: object
    }
  }
}
