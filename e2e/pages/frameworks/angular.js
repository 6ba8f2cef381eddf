// Without Angular's own build its decorators are called as functions, and the compiler is in the page. Promises are
// chained, not awaited: a native await would leave the zone, so that build has none either.
import '@angular/compiler'
import { HttpClient, provideHttpClient } from '@angular/common/http'
import {
  Component,
  ErrorHandler,
  NgZone,
  inject,
  provideBrowserGlobalErrorListeners,
  provideZoneChangeDetection,
  signal,
} from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { ActivatedRoute, Router, RouterLink, RouterOutlet, provideRouter } from '@angular/router'
import { doNetwork, doTimers, failingStep, sayPlace, step, until } from './work.js'

const shown = () => document.querySelector('main').textContent.trim()

const Counter = Component({
  template: '<button id="count" (click)="count()">{{ cups }} cups, {{ sugar() }} lumps</button>',
})(
  class {
    cups = 0
    sugar = signal(0)
    count() {
      step('count', () => {
        this.cups += 2
        this.sugar.set(1)
        say('before detection', shown())
        return fetch('/answer/tea')
          .then(response => response.text())
          .then(text => {
            this.cups = text.length
            say('in the zone', NgZone.isInAngularZone())
            return until(() => shown() == '3 cups, 1 lumps')
          })
      })
    }
  },
)

const Tea = Component({ template: 'a cup of {{ kind }}' })(
  class {
    kind = ''
    constructor() {
      inject(ActivatedRoute).params.subscribe(({ kind }) => (this.kind = kind))
    }
  },
)

let hasFailed = false
const Broken = Component({ selector: 'broken-part', template: '{{ fail() }}' })(
  class {
    /** Once: Angular renders it again after it has handled the error. */
    fail() {
      if (hasFailed) return
      hasFailed = true
      throw new Error('thrown in render')
    }
  },
)

const App = Component({
  selector: '#app',
  imports: [RouterOutlet, RouterLink, Broken],
  template: `
    <main><router-outlet /></main>
    <a id="link" routerLink="/tea/oolong" [state]="{ from: 'link' }"></a>
    <button id="walk" (click)="walk()"></button>
    <button id="network" (click)="network()"></button>
    <button id="client" (click)="client()"></button>
    <button id="timers" (click)="timers()"></button>
    <button id="throw" (click)="throw()"></button>
    <button id="reject" (click)="reject()"></button>
    <button id="outside" (click)="outside()"></button>
    <button id="unhandled" (click)="unhandled()"></button>
    <button id="render" (click)="render()"></button>
    @if (isBroken()) { <broken-part /> }
  `,
})(
  class {
    http = inject(HttpClient)
    zone = inject(NgZone)
    router = inject(Router)
    isBroken = signal(false)

    walk = () => step('walk', () => walk(this.router))
    network = () => step('network', doNetwork)
    timers = () => step('timers', doTimers)

    client() {
      const told = name => ({
        next: text => say(name, text),
        error: error => say(name, 'failed', error.status, error.message),
        complete: () => say(name, 'complete'),
      })
      const get = url => this.http.get(url, { responseType: 'text' })
      step('client', () => {
        get('/answer/never').subscribe(told('unsubscribed')).unsubscribe()
        return new Promise(resolve => {
          const names = ['tea', 'missing', 'broken']
          const next = () => {
            const name = names.shift()
            if (name) get(`/answer/${name}`).subscribe(told(name)).add(next)
            else resolve()
          }
          next()
        })
      })
    }

    throw() {
      failingStep('throw', 'handled')
      throw new Error('thrown in a handler')
    }

    reject() {
      failingStep('reject', 'handled')
      fetch('/answer/broken').then(() => {})
    }

    outside() {
      failingStep('outside', 'handled')
      this.zone.runOutsideAngular(() =>
        setTimeout(() => {
          throw new Error('thrown outside')
        }),
      )
    }

    unhandled() {
      failingStep('unhandled', 'handled')
      this.http.get('/answer/missing').subscribe()
    }

    render() {
      failingStep('render', 'handled')
      this.isBroken.set(true)
    }
  },
)

function walk(router) {
  const arrive = text => until(() => shown().startsWith(text)).then(() => sayPlace(shown()))
  return router
    .navigateByUrl('/tea/green', { state: { cup: 1 } })
    .then(() => arrive('a cup of green'))
    .then(() => router.navigateByUrl('/tea/black?milk=1#leaf', { replaceUrl: true }))
    .then(() => arrive('a cup of black'))
    .then(() => router.navigateByUrl('/guarded'))
    .then(isDone => say('guarded', isDone))
    .then(() => router.navigateByUrl('/broken'))
    .catch(error => say('broken', error.name))
    .then(() => document.querySelector('#link').click())
    .then(() => arrive('a cup of oolong'))
    .then(() => history.go(-2))
    .then(() => arrive('0 cups'))
}

class Handler extends ErrorHandler {
  handleError(error) {
    say('errorHandler', error, NgZone.isInAngularZone())
    self.ohnoes?.captureException(error)
    super.handleError(error)
    dispatchEvent(new Event('handled'))
  }
}

bootstrapApplication(App, {
  providers: [
    provideZoneChangeDetection(),
    provideBrowserGlobalErrorListeners(),
    provideHttpClient(),
    provideRouter([
      { path: 'frameworks/page.html', component: Counter },
      { path: 'tea/:kind', component: Tea },
      { path: 'guarded', component: Tea, canActivate: [() => false] },
      { path: 'broken', component: Tea, resolve: { kind: () => fetch('/answer/broken') } },
    ]),
    { provide: ErrorHandler, useClass: Handler },
  ],
})
