/** The pages of the site, in the order in which its header lists them. */
export const NAVIGATION: readonly { readonly path: string; readonly fr: string; readonly en: string }[] = [
  { path: '/', fr: 'Explorer', en: 'Explorer' },
  { path: '/map', fr: 'Carte', en: 'Map' },
  { path: '/compare', fr: 'Comparer', en: 'Compare' },
  { path: '/sources', fr: 'Qui ouvre quoi', en: 'Who opens what' },
  { path: '/graphiql', fr: 'GraphiQL', en: 'GraphiQL' },
  { path: '/v1/', fr: 'Questions', en: 'Questions' },
  { path: '/docs/', fr: 'Documentation', en: 'Documentation' },
  { path: '/status', fr: 'État', en: 'Status' },
]
