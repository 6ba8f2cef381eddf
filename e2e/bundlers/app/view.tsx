import { h } from './h.ts'

interface Props {
  user?: { name: string }
}

function Greeting({ user }: Props): string {
  const name = user!.name.toUpperCase() //: 16.0 Greeting "user!.name"
  return `Hello ${name}`
}

export function App(): unknown {
  const page = (
    <main>
      <Greeting />
    </main>
  )
  console.debug(page)
  return page
}
