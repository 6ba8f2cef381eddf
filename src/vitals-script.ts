// dist/vitals.js: takes what whoever made its script element has put there, or does nothing.
import { configure, type Options } from './options.ts'
import { startVitals, type SendItems } from './vitals.ts'

type VitalsScript = HTMLOrSVGScriptElement & { vitals?: [given: Options, send: SendItems] }
const { vitals } = (document.currentScript || {}) as VitalsScript
if (vitals) {
  configure(vitals[0]) // here is another copy of options.ts than in the bundle
  startVitals(vitals[1])
}
