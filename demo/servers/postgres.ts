import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StratesError } from '../../core/observations/error.ts'
import { findProgram, needProgram, runProgram } from './program.ts'
import { freePort, startServer, type OwnServer, type User } from './server.ts'

const PACKAGE = 'postgresql'

/** The owner of everything in it; its password is of no use beyond this machine. */
const OWNER = 'strates'
const PASSWORD = 'strates'
const DATABASE = 'strates'

/** Whether {@link startPostgres} can: for tests that leave themselves out without it. */
export const hasPostgres = (): boolean => findProgram('postgres') !== undefined && findProgram('initdb') !== undefined

/**
 * Starts a PostgreSQL over a new cluster in a temporary folder, with an empty database. It listens on no socket but that of its address.
 * PostgreSQL refuses to run as root: there it runs as the user `postgres`, whom its package makes.
 * @throws StratesError CONFIGURATION_INVALID where it is not installed.
 */
export async function startPostgres({ host = '127.0.0.1', within = tmpdir() } = {}): Promise<OwnServer> {
  const [initdb, postgres] = [needProgram('initdb', PACKAGE), needProgram('postgres', PACKAGE)]
  const user = process.getuid?.() === 0 ? await findUser('postgres') : undefined
  const folder = await mkdtemp(join(within, 'strates-postgres-'))
  try {
    if (user !== undefined) await chown(folder, user.uid, user.gid)
    const data = join(folder, 'data')
    await makeCluster({ initdb, postgres, folder, data, user })
    const port = await freePort(host)
    return await startServer({
      url: `postgres://${OWNER}:${PASSWORD}@${host}:${port}/${DATABASE}`,
      folder,
      command: postgres,
      given: ['-D', data, '-h', host, '-p', `${port}`, '-k', '', '-c', 'logging_collector=off'],
      ready: /database system is ready to accept connections/,
      user,
    })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

interface Cluster {
  readonly initdb: string
  readonly postgres: string
  readonly folder: string
  readonly data: string
  readonly user: User | undefined
}

/** A cluster whose messages are in English, since one of them says that it is ready, and a database in it. */
async function makeCluster({ initdb, postgres, folder, data, user }: Cluster): Promise<void> {
  const password = join(folder, 'password')
  await writeFile(password, PASSWORD)
  const who = ['-U', OWNER, '--pwfile', password, '--auth', 'scram-sha-256']
  await runProgram(initdb, ['-D', data, '--encoding', 'UTF8', '--no-locale', '--no-sync', ...who], { user })
  // As a single process, without a port: the clients of PostgreSQL are another package.
  await runProgram(postgres, ['--single', '-D', data, 'postgres'], { user, input: `CREATE DATABASE ${DATABASE}\n` })
}

async function findUser(name: string): Promise<User> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const [, , uid, gid] = users.find(([known]) => known === name) ?? []
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  throw new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: 'PostgreSQL does not run as root, and there is no other user for it',
    on: `the user ${name}`,
    expected: 'it in /etc/passwd, where the package of Debian puts it',
    remedy: `Run this as another user, or: adduser --system --group ${name}`,
  })
}
