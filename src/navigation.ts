import { record } from './crumbs.ts'
import { guard } from './guard.ts'
import { listen, patch } from './patch.ts'

/** Whether the page came out of the back/forward cache. */
export let isRestored = false

/** Records where the page goes, and what becomes of it: hidden, offline, out of the back/forward cache. */
export function watchNavigation(): void {
  let url = location.href
  const onMove = () => {
    const from = url
    url = location.href
    if (from != url) record('navigation', undefined, { from, to: url })
  }
  // Chromium 102, Firefox 147, Safari 26.2. Elsewhere there is no event for what a script does to the history.
  if (self.navigation) listen('currententrychange', guard(onMove), navigation)
  else
    for (const name of 'pushState,replaceState'.split(',') as 'pushState'[])
      patch(History.prototype, name, onMove)
  listen('popstate,hashchange', guard(onMove))
  listen(
    'online,offline,pageshow,pagehide,visibilitychange',
    guard(({ type, persisted }: PageTransitionEvent) => {
      if (persisted == false) return // an ordinary load or unload
      isRestored = persisted || isRestored // also when the page goes there: nothing else can follow
      record('page', type == 'visibilitychange' ? document.visibilityState : type)
    }),
  )
}
