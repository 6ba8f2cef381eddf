'use strict'

behaviours.clicks = {
  'reach the same listeners in the same order': async note => {
    const button = document.body.appendChild(document.createElement('button'))
    const places = { self, document, body: document.body, button }
    const undo = new AbortController()
    for (const [name, place] of Object.entries(places))
      for (const capture of [true, false])
        place.addEventListener(
          'click',
          event => {
            const { eventPhase, isTrusted, cancelBubble, defaultPrevented, cancelable } = event
            note(name, capture, eventPhase, isTrusted, cancelBubble, defaultPrevented, cancelable)
            note(event.currentTarget === place, event.composedPath().length)
            queueMicrotask(() => note('microtask', name, capture, event.eventPhase))
            if (name == 'body' && capture && event.detail == 7) event.stopImmediatePropagation()
            if (name == 'button') event.preventDefault()
          },
          { capture, signal: undo.signal },
        )
    button.click()
    note(button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })))
    note(button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 7 })))
    await null
    undo.abort()
    button.remove()
  },

  'run no code of a custom element': note => {
    const read = []
    const names = [
      'type',
      'value',
      'name',
      'checked',
      'files',
      'id',
      'role',
      'title',
      'dataset',
      'textContent',
    ]
    class TeaCup extends HTMLElement {
      static observedAttributes = ['id', 'class']
      attributeChangedCallback(name) {
        read.push(name)
      }
    }
    for (const name of names)
      Object.defineProperty(TeaCup.prototype, name, {
        get() {
          read.push(name)
          return Reflect.get(HTMLElement.prototype, name, this)
        },
      })
    customElements.define('tea-cup', TeaCup)
    const cup = document.body.appendChild(new TeaCup())
    for (const type of ['click', 'input', 'change']) {
      cup.dispatchEvent(new Event(type, { bubbles: true }))
      note(type, read.splice(0))
    }
    cup.remove()
  },

  'keep their peace where a form hides its own properties': async note => {
    const errors = []
    const hear = event => errors.push(event.message)
    addEventListener('error', hear)
    const form = document.body.appendChild(document.createElement('form'))
    for (const name of ['localName', 'getAttribute', 'parentNode', 'type', 'value', 'classList', 'id'])
      form.appendChild(Object.assign(document.createElement('input'), { name }))
    form.click()
    for (const input of [...form.querySelectorAll('input')]) {
      input.value = 'tea'
      input.dispatchEvent(new Event('input', { bubbles: true }))
      note(
        input.name,
        input.value,
        outcome(() => input.click()),
      )
    }
    note(errors)
    removeEventListener('error', hear)
    form.remove()
  },

  'work in shadow roots and on what is removed meanwhile': note => {
    for (const mode of ['open', 'closed']) {
      const host = document.body.appendChild(document.createElement('div'))
      const root = host.attachShadow({ mode })
      const inner = root.appendChild(document.createElement('b'))
      root.addEventListener('click', event =>
        note(mode, 'root', tell(event.target), event.composedPath().length),
      )
      host.addEventListener('click', event => {
        note(mode, 'host', event.target === host, event.composedPath().length)
        host.remove()
      })
      inner.click()
      note(host.isConnected)
    }
    const target = new EventTarget()
    target.addEventListener('click', event => note('no element', event.composedPath().length))
    target.dispatchEvent(new Event('click'))
    for (const place of [document, self]) note(place.dispatchEvent(new Event('click')))
  },
}
