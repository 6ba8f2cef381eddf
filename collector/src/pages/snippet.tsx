import type { FC } from 'hono/jsx'

/** Past that it scrolls, and can be reached to do so with keys. */
const MAX_OPEN_LENGTH = 400

/** Text to copy. */
export const Snippet: FC<{ text: string }> = ({ text }) => (
  <div class="snippet">
    <pre tabindex={text.length > MAX_OPEN_LENGTH ? 0 : undefined}>
      <code>{text}</code>
    </pre>
    <button type="button" class="quiet" data-copy={text} hidden>
      Copy
    </button>
  </div>
)
