import type { FC } from 'hono/jsx'

/** Text to copy. */
export const Snippet: FC<{ text: string }> = ({ text }) => (
  <div class="snippet">
    <pre>
      <code>{text}</code>
    </pre>
    <button type="button" class="quiet" data-copy={text} hidden>
      Copy
    </button>
  </div>
)
