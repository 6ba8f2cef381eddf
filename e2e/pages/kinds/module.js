// Throws while it is evaluated.
export default null
throw new Error('in a module')
