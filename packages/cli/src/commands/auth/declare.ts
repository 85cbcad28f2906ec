// comity auth: how credentials are written. It asks nobody, and keeps nothing.
import type { Command } from 'commander'
import { examples } from '../../help.ts'
import type { Io } from '../../terminal/io.ts'

const text = `How credentials are written, after --auth or as "auth" of a profile:

  basic:USER:SECRET         RFC 7617; without SECRET you are asked for it
  digest:USER:SECRET        RFC 7616: the secret is proved, and not sent
  bearer:SECRET             a token (RFC 6750)
  header:NAME:SECRET        a key in a field: header:X-Api-Key:env:KEY
  query:NAME:SECRET         a key in the query
  oauth1:WORDS              consumer-key= consumer-secret= token= token-secret=
                            method=HMAC-SHA1|HMAC-SHA256|RSA-SHA1|PLAINTEXT
                            realm=
  client-credentials:WORDS  OAuth 2: issuer= client-id= client-secret= scope=
                            resource= audience= token-endpoint= dpop=required
                            client-authentication=basic|post|none
  authorization-code:WORDS  the same, authorization-endpoint= port=; by browser
  device-code:WORDS         the same, device-endpoint=; on another device

A SECRET is the text itself or, better, says where it is: env:NAME, file:PATH,
or command:PROGRAM WORD… (a password manager). Others on this machine can see
the words of a command while it runs. Credentials go to the origin of the URL
and to no other.
`

const lines = [
  'PASSWORD=secret comity get :3000/todos/1 --auth basic:ann:env:PASSWORD',
  'comity get :3000/todos/1 --auth header:X-Api-Key:k-1 --offline --show-secrets',
] as const

export function declareAuth(program: Command, done: (exitCode: number) => void, io: Io): void {
  program
    .command('auth')
    .summary('how credentials are written')
    .description(text.trimEnd())
    .addHelpText('after', examples(...lines))
    .action(() => {
      io.stdout.write(`${text}${examples(...lines)}`)
      done(0)
    })
}
