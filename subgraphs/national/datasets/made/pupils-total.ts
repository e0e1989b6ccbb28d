import type { SumAcrossOwners } from '../../../../core/observations/sum.ts'

/** The three cycles together: each is another owner's, so the sum is national's. */
export const PUPILS_TOTAL = {
  id: 'pupils-total',
  title: 'Pupils of all three cycles',
  titleFr: 'Élèves des trois cycles',
  description:
    'Pupils schooled in the écoles, collèges and lycées of the territory, as `SchoolEnrolment.total`: PARTIAL, and naming what is not in it, where a cycle is absent; where they go to school, not where they live.',
  unit: 'pupils',
  unitFr: 'élèves',
  owner: 'national',
  competent: 'Communes, départements and régions, each for its cycle',
  legalBasis: "Code de l'éducation, articles L212-4, L213-2 and L214-6",
  additivity: { kind: 'COUNT' },
  communeMethod: 'CONSOLIDATED',
  parts: ['pupils-primary', 'pupils-lower-secondary', 'pupils-upper-secondary'],
  across: {
    datasetId: 'strates-school-enrolment-total',
    title: 'Pupils of the three cycles together',
    producer: 'Strates, by adding up the three cycles',
    publisher: 'Strates',
    licence: 'etalab-2.0',
    sourceUrl: 'https://data.education.gouv.fr/',
    rule: 'primary + lowerSecondary + upperSecondary; each part has its own provenance among the inputs.',
    labels: {
      'pupils-primary': 'the primary cycle, owned by the communes',
      'pupils-lower-secondary': 'the collège cycle, owned by the départements',
      'pupils-upper-secondary': 'the lycée cycle, owned by the régions',
    },
  },
} as const satisfies SumAcrossOwners
