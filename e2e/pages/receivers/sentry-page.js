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
