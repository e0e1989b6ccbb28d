/** Runs a GraphQL document through the gateway: all that a door may do. */
export type Execute = (query: string) => Promise<{ readonly data?: unknown }>
