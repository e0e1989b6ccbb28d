import { StratesError } from '../../core/observations/error.ts'
import type { Queryable } from '../../core/database/connect.ts'
import type { Session } from './session.ts'

/** The roles that users are made members of, and what each may read; none may write. */
export const ROLES = {
  /** People: the views, and nothing else. */
  strates_read: { schema: 'strates', tables: ['enrolment', 'observation', 'territory', 'provenance'] },
  /** Services that answer from the database: the files, and the rows of versions. */
  strates_serve: {
    schema: 'strates_store',
    tables: ['file', 'chunk', 'version', 'migration', 'cell', 'part', 'school_value', 'missing'],
  },
} as const satisfies Readonly<Record<string, { readonly schema: string; readonly tables: readonly string[] }>>

/** Whether a role is there. */
export interface RoleState {
  readonly role: string
  readonly isThere: boolean
}

/** Which of the roles are there. */
export async function findRoles({ query }: Queryable): Promise<readonly RoleState[]> {
  const found = await query<{ readonly rolname: string }>('SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)', [
    Object.keys(ROLES),
  ])
  return Object.keys(ROLES).map((role) => ({ role, isThere: found.some(({ rolname }) => rolname === role) }))
}

/**
 * Makes the roles where this user may, and grants them what they may read. Roles belong to the server and not to one database: one that
 * is there already is taken as it is.
 */
export async function grantRoles(session: Session): Promise<readonly RoleState[]> {
  for (const { role, isThere } of await findRoles(session)) if (!isThere) await makeRole(session, role)
  const roles = await findRoles(session)
  for (const [role, { schema, tables }] of Object.entries(ROLES)) {
    if (!roles.some((one) => one.role === role && one.isThere)) continue
    await session.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`)
    await session.query(`GRANT SELECT ON ${tables.map((table) => `${schema}.${table}`).join(', ')} TO ${role}`)
  }
  return roles
}

/** Says how to make those that this user may not make. */
export function sayRoles(roles: readonly RoleState[], say: (line: string) => void): void {
  for (const { role, isThere } of roles) {
    if (!isThere)
      say(
        `warning: this user may not make the role ${role}: have CREATE ROLE ${role} NOLOGIN run, then npm run database -- migrate`,
      )
  }
}

const MAY_NOT = '42501'
const IS_THERE = '42710'

async function makeRole({ query }: Session, role: string): Promise<void> {
  try {
    await query(`CREATE ROLE ${role} NOLOGIN`)
  } catch (error) {
    const code = error instanceof StratesError && (error.facts.cause as { readonly code?: string } | undefined)?.code
    if (code !== MAY_NOT && code !== IS_THERE) throw error
  }
}
