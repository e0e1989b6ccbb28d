/** The pages for people, in the order in which they are listed on each of them. */
export const NAVIGATION = [
  { path: '/', fr: 'Explorer', en: 'Explore' },
  { path: '/map', fr: 'Carte', en: 'Map' },
  { path: '/compare', fr: 'Comparer', en: 'Compare' },
  { path: '/sources', fr: 'Qui ouvre quoi', en: 'Who opens what' },
  { path: '/graphiql', fr: 'GraphiQL', en: 'GraphiQL' },
  { path: '/v1/', fr: 'Adresses', en: 'Addresses' },
  { path: '/docs/', fr: 'Documentation', en: 'Documentation' },
  { path: '/status', fr: 'État', en: 'Status' },
] as const
