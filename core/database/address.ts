/** A database of PostgreSQL, or of an engine that speaks as it does. */
export interface PostgresAddress {
  readonly kind: 'postgres'
  /** With the user and the password: never shown. */
  readonly url: string
}

/** What people read of a database: its machine and name, nothing of who may use it. */
export function shownDatabase({ url }: PostgresAddress): string {
  const { host, pathname, searchParams } = new URL(url)
  return `postgres://${searchParams.get('host') ?? host}${pathname}`
}
