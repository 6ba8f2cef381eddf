// Spotlight's sidecar on a free port, without its command line, which would report to its makers.

// A name that the type check does not follow: the package is there only while its test runs.
const name = '@spotlightjs/spotlight'
const { setupSpotlight } = await import(name)
const server = await setupSpotlight({ port: 0, isStandalone: true })
console.log(`listening on ${server.address().port}`)
