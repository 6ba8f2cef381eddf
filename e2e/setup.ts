import { setUpEngines } from './engines.mjs'

/** For runs of Playwright alone; after `npm test` has set them up, this only finds them again. */
export default async () => void (await setUpEngines())
