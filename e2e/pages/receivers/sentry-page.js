'use strict'

function pay() {
  const error = new Error('the card <b>was</b> declined') // @thrown
  error.name = 'PaymentError'
  throw error
}

document.querySelector('#pay').onclick = () => {
  console.info('paying now')
  setTimeout(pay)
}

document.querySelector('#write').onclick = () => {
  Sentry.captureFeedback({ message: 'the cart <b>is</b> empty', name: 'Ann', email: 'ann@shop.example' })
}

document.querySelector('#drop').onclick = () => Sentry.captureMessage('not worth it')
