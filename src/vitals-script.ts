// dist/vitals.js: hands itself to whoever made its script element and waits for it there, or does nothing.
import { configure, type Options } from './options.ts'
import { startVitals, type SendItems } from './vitals.ts'

type Start = (given: Options, send: SendItems) => void
type VitalsScript = HTMLOrSVGScriptElement & { onvitals?: (start: Start) => void }
;(document.currentScript as VitalsScript | null)?.onvitals?.((given, send) => {
  configure(given) // here is another copy of options.ts than in the bundle
  startVitals(send)
})
