import Bowser from 'bowser'
import { isbot } from 'isbot'
import { remembered } from './remembered.ts'

/** A browser as people name it: `Firefox`, `128`, `Windows 10`; each may be empty. */
export interface Browser {
  name: string
  /** The major version. */
  version: string
  os: string
  isCrawler: boolean
}

const MAX_LENGTH = 512

/** What a `User-Agent` header says. */
export const browserOf = (userAgent: string): Browser => readUserAgent(userAgent.slice(0, MAX_LENGTH))

const readUserAgent = remembered((text): Browser => {
  if (!text) return { name: '', version: '', os: '', isCrawler: false }
  const { browser, os } = Bowser.parse(text)
  return {
    name: browser.name ?? '',
    version: /^\d+/.exec(browser.version ?? '')?.[0] ?? '',
    // iOS and Android by their major version, Windows by its name; macOS and Linux tell no true one.
    os: [os.name, /^(?:i(?:Pad)?OS|Android)$/.test(os.name ?? '') ? os.version?.split('.')[0] : windowsOf(os)]
      .filter(Boolean)
      .join(' '),
    isCrawler: isbot(text),
  }
})

const windowsOf = ({ name, versionName }: { name?: string; versionName?: string }): string =>
  name === 'Windows' ? (versionName ?? '') : ''
