import { createToken } from './access.ts'
import { type AccessToken, TOKEN_SCOPES } from './access-store.ts'
import { type Command, type CommandContext, UsageError, withStore } from './command-line.ts'
import { MIN_PASSWORD_LENGTH } from './config.ts'
import { hashPassword } from './password.ts'

/** `password` and `token …`. */
export const ACCESS_COMMANDS: Command[] = [
  {
    usage: 'password',
    does: 'sets the password of the dashboard to the first line of its input, and ends all logins',
    run: (_, context) => setPassword(context),
  },
  {
    usage: 'token list',
    does: 'shows what programs have been given tokens',
    run: (_, context) =>
      withStore(context, async store => {
        for (const token of await store.tokens()) context.print(lineOf(token))
      }),
  },
  {
    usage: 'token create PROJECT SCOPE',
    does: `makes a token of a project, or of * for all; the scope is ${TOKEN_SCOPES.join(', ')}`,
    options: { label: { type: 'string' } },
    run: ({ args: [project = '', wanted = ''], options: { label = '' } }, context) =>
      withStore(context, async store => {
        const scope = TOKEN_SCOPES.find(known => known === wanted)
        if (!scope) throw new UsageError(`The scope is ${TOKEN_SCOPES.join(', ')}, not ${wanted}.`)
        const isKnown = (await store.projects()).some(({ id }) => id === project)
        if (project !== '*' && !isKnown) throw new UsageError(`There is no project ${project}.`)
        const { token, stored } = createToken({ project, scope, label }, Date.now())
        await store.addToken(stored)
        context.print(`${token}\n${lineOf(stored)}`)
      }),
  },
  {
    usage: 'token delete ID',
    does: 'takes a token back',
    run: ({ args: [id = ''] }, context) =>
      withStore(context, async store => {
        const token = (await store.tokens()).find(candidate => idOf(candidate) === id)
        if (!token) throw new UsageError(`There is no token ${id}: see ohnoes-collector token list.`)
        await store.removeToken(token.hash)
      }),
  },
]

async function setPassword(context: CommandContext): Promise<void> {
  const [password = ''] = (await context.readInput()).split(/\r?\n/, 1)
  if (password.length < MIN_PASSWORD_LENGTH)
    throw new UsageError(`A password has at least ${MIN_PASSWORD_LENGTH} characters.`)
  await withStore(context, async store => store.setPasswordHash(await hashPassword(password)))
}

/** Enough of its hash to tell it from the others; it is of no other use. */
const idOf = ({ hash }: AccessToken): string => hash.slice(0, 12)

const lineOf = (token: AccessToken): string =>
  [idOf(token), `project ${token.project}`, token.scope, token.label, new Date(token.createdMs).toISOString()]
    .filter(Boolean)
    .join(' · ')
