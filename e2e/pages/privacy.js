document.querySelector('button').addEventListener('click', () => {
  throw new Error('known by its debug id')
})
