// Keys and copying. Everything on the pages can be read, and every form sent, without this.

const keyList = /** @type {HTMLDialogElement} */ (document.getElementById('keys'))

for (const button of all('[data-keys]')) {
  button.hidden = false
  button.addEventListener('click', () => keyList.showModal())
}
for (const button of all('[data-copy]')) {
  button.hidden = !navigator.clipboard // not there on plain HTTP, where the text can still be selected
  button.addEventListener('click', () => copy(button, Promise.resolve(button.dataset.copy ?? '')))
}
for (const link of all('a[data-markdown]'))
  link.addEventListener('click', event => {
    // Else the link shows the text.
    if (!navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const { href } = /** @type {HTMLAnchorElement} */ (link)
    void copy(
      link,
      fetch(href).then(response =>
        response.ok ? response.text() : Promise.reject(new Error(response.statusText)),
      ),
    )
  })

/** @type {Record<string, () => void>} */
const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => currentRow()?.querySelector('input')?.click(),
  '/': () => find('input[type=search]')?.focus(),
  '[': () => find('a[rel=prev]')?.click(),
  ']': () => find('a[rel=next]')?.click(),
  e: () => act('resolved'),
  m: () => act('muted'),
  o: () => act('unresolved'),
  y: () => find('a[data-markdown]')?.click(),
  u: () => find('a[data-up]')?.click(),
  '?': () => keyList.showModal(),
}

document.addEventListener('keydown', event => {
  const { target } = event
  const isTyping =
    target instanceof HTMLElement && target.matches('input:not([type=checkbox]), select, textarea')
  if (event.key === 'Escape' && isTyping) target.blur()
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || keyList.open) return
  const action = Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined
  if (!action) return
  event.preventDefault()
  action()
})

/** The row of a list that the focus is in. */
function currentRow() {
  return document.activeElement?.closest('[role=row]')
}

/** @param {1 | -1} by */
function step(by) {
  const links = all('a[data-row]')
  const current = currentRow()
  const at = links.findIndex(link => current?.contains(link))
  const next = at < 0 ? links[0] : links[at + by]
  next?.focus()
  next?.closest('[role=row]')?.scrollIntoView({ block: 'nearest' })
}

/**
 * On a group's page its own button; in the list the selected rows', or else the current row's.
 * @param {string} status
 */
function act(status) {
  const own = find(`button[name=status][value=${status}]`)
  if (own) return own.click()
  const list = find('form.list')
  if (!list) return
  const box = currentRow()?.querySelector('input')
  if (box && !list.querySelector('input:checked')) box.checked = true
  if (list.querySelector('input:checked')) find(`form.list button[value=${status}]`)?.click()
}

/**
 * Says on the element itself how it went.
 * @param {HTMLElement} element
 * @param {Promise<string>} text
 */
async function copy(element, text) {
  const title = element.textContent
  try {
    await navigator.clipboard.writeText(await text)
    element.textContent = 'Copied'
  } catch {
    element.textContent = 'Could not copy'
  }
  setTimeout(() => (element.textContent = title), 1500)
}

/**
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
function find(selector) {
  return document.querySelector(selector)
}

/**
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
function all(selector) {
  return [...document.querySelectorAll(/** @type {'a'} */ (selector))]
}
