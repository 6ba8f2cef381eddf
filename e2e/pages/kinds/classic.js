// Throws while it is evaluated.
throw new Error('while loading')
