// dist/vitals.js: hands itself to whoever made its script element and waits for it there, or does nothing. Of several
// copies in a page (each `init` loads one) the first measures, and every other hands that one out.
import { configure, type Options } from './options.ts'
import { startVitals, type SendItems } from './vitals.ts'

type Start = (given: Options, send: SendItems) => void
type VitalsScript = HTMLOrSVGScriptElement & { onvitals?: (start: Start) => void }

declare global {
  interface Window {
    _ohnoesVitals?: Start
  }
}
;(document.currentScript as VitalsScript | null)?.onvitals?.(
  (window._ohnoesVitals ||= (given, send) => {
    configure(given) // here is another copy of options.ts than in the bundle
    startVitals(send)
  }),
)
