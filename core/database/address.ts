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

/** What the driver is given: it takes `require` and `verify-ca` for `verify-full`, and would warn of it. */
export function driverUrl({ url }: PostgresAddress): string {
  return url.replace(/([?&]sslmode=)(?:require|verify-ca)(?=&|$)/, '$1verify-full')
}
