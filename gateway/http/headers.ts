/** On every response. */
export const SECURITY = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' } as const

/** Open data: any page may ask, and read what governs caching and quotas. */
export const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag, Age, Cache-Status, Accept-Ranges, Content-Range, Link, RateLimit, RateLimit-Policy, Retry-After, Content-Disposition, Strates-Data-Version, X-Request-Id',
} as const

/** What a page may send. */
export const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers':
    'Content-Type, Accept, If-None-Match, If-Range, Range, X-Request-Id, X-Client-Name, Apollographql-Client-Name, Apollographql-Client-Version',
  'access-control-max-age': '86400',
} as const
