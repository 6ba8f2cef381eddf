import type { FC } from 'hono/jsx'

// What dashboard.js listens to; a test holds the two together.
const KEYS: [keys: string[], what: string][] = [
  [['j', 'k'], 'next, previous in a list'],
  [['Enter'], 'open'],
  [['x'], 'select'],
  [['/'], 'search'],
  [['[', ']'], 'older, newer event'],
  [['e'], 'resolve'],
  [['m'], 'mute'],
  [['o'], 'reopen'],
  [['y'], 'copy as Markdown'],
  [['u'], 'back to the list'],
  [['?'], 'these keys'],
]

/** Shown by `?`. */
export const KeyList: FC = () => (
  <dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keys</h2>
    <dl class="keys">
      {KEYS.map(([keys, what]) => (
        <div>
          <dt>
            {keys.map(key => (
              <kbd>{key}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
    <form method="dialog">
      <button>Close</button>
    </form>
  </dialog>
)
