/** The words of the page in French: narrow no-break space before ; ! ? and no-break space before : and inside « ». */
export const FR = {
  locale: 'fr-FR',
  title: 'Strates',
  colon: '\u00a0:',
  none: '–',
  loading: 'Chargement…',
  retry: 'Réessayer',
  close: 'Fermer',
  copy: 'Copier',
  copied: 'Copié',
  table: 'Tableau',
  chart: 'Graphique',
  more: 'Voir plus',
  choose: 'Choisir',
  all: 'Tous',
  simulatedBanner:
    'Données scolaires SIMULÉES, non officielles\u00a0: inventées, calées sur les totaux nationaux publiés. Les populations et les territoires sont réels.',
  simulated: 'simulé, non officiel',
  dataVersion: 'Version des données',
  sameIn: 'Les mêmes données',
  sameInGraphQL: 'en GraphQL',
  sameInJson: 'en JSON',
  sameInCsv: 'en CSV',
  curl: 'curl',
  /** @param {string} owner */
  ownerDown: (owner) => `Le propriétaire de ce nombre (${owner}) ne répond pas en ce moment.`,
  partly: 'Une partie de la réponse manque. Le reste est juste.',
  partlyDown: 'Une partie de la réponse manque\u00a0: un propriétaire ne répond pas. Le reste est juste.',
  failed: 'La question n’a pas eu de réponse.',
  unreachable: 'Le service ne répond pas. Vérifiez qu’il est en marche, puis réessayez.',
  inEnglish: 'texte en anglais',
  tiers: {
    COMMUNE: 'commune',
    EPCI: 'intercommunalité',
    DEPARTEMENT: 'département',
    REGION: 'région',
    NATION: 'nation',
    GROUPING: 'regroupement',
  },
  tiersPlural: {
    COMMUNE: 'communes',
    EPCI: 'intercommunalités',
    DEPARTEMENT: 'départements',
    REGION: 'régions',
    NATION: 'nations',
    GROUPING: 'regroupements',
  },
  kinds: {
    COMMUNE: 'commune',
    COMMUNAUTE_DE_COMMUNES: 'communauté de communes',
    COMMUNAUTE_D_AGGLOMERATION: 'communauté d’agglomération',
    COMMUNAUTE_URBAINE: 'communauté urbaine',
    METROPOLE: 'métropole',
    METROPOLE_DE_LYON: 'métropole de Lyon',
    DEPARTEMENT: 'département',
    REGION: 'région',
    COLLECTIVITE_OUTRE_MER: 'collectivité d’outre-mer',
    NATION: 'nation',
    ACADEMIE: 'académie',
    STATISTICAL_AREA: 'zone statistique',
    EPCI_PART: 'partie d’intercommunalité',
  },
  owners: {
    commune: 'Communes',
    epci: 'EPCI',
    departement: 'Départements',
    region: 'Régions',
    national: 'État',
  },
  cycles: {
    primary: 'Premier degré',
    lowerSecondary: 'Collège',
    upperSecondary: 'Lycée',
    total: 'Total des trois cycles',
  },
  cyclesCompetence: { PRIMARY: 'Écoles', LOWER_SECONDARY: 'Collèges', UPPER_SECONDARY: 'Lycées' },
  schools: { primary: 'écoles', lowerSecondary: 'collèges', upperSecondary: 'lycées' },
  statuses: {
    NORMAL: 'complet',
    PARTIAL: 'partiel',
    NOT_PUBLISHED: 'non publié',
    NOT_APPLICABLE: 'sans objet',
    SUPPRESSED: 'secret statistique',
    SOURCE_UNAVAILABLE: 'source indisponible',
    OUT_OF_SCOPE: 'hors champ',
    NON_ADDITIVE: 'non additif',
  },
  statusMeans: {
    NORMAL: 'Tous les contributeurs attendus ont répondu.',
    PARTIAL: 'Il manque une partie des contributeurs attendus\u00a0: ils sont nommés à côté.',
    NOT_PUBLISHED: 'Personne n’a publié ce nombre.',
    NOT_APPLICABLE: 'La question n’a pas d’objet ici.',
    SUPPRESSED: 'Le nombre est trop petit pour être publié (secret statistique).',
    SOURCE_UNAVAILABLE: 'La source n’a pas pu être lue.',
    OUT_OF_SCOPE: 'Ce territoire n’est pas dans le champ de la source.',
    NON_ADDITIVE: 'Cette grandeur ne s’additionne pas\u00a0: elle n’existe pas à cet échelon.',
  },
  methods: {
    PUBLISHED: 'publié tel quel',
    CONSOLIDATED: 'somme des contributeurs',
    CONVERTED: 'converti d’une autre géographie',
  },
  verdicts: {
    AGREES: 'concorde',
    EXPLAINED: 'écart expliqué',
    DISAGREES: 'ne concorde pas',
    NOT_COMPARABLE: 'non comparable',
  },
  sectors: { ALL: 'ensemble', PUBLIC: 'public', PRIVATE: 'privé' },
  missingReasons: { NO_FIGURE: 'pas de chiffre', SUPPRESSED: 'secret statistique', NO_FILE: 'pas de fichier' },
  missingKinds: { SCHOOL: 'établissement', COMMUNE: 'commune', DEPARTEMENT: 'département' },
  dimensions: {
    SECTOR: 'Secteur',
    LEVEL: 'Niveau',
    SEX: 'Sexe',
    PRIORITY_EDUCATION: 'Éducation prioritaire',
  },
  freshness: {
    FRESH: 'à jour',
    LATE: 'en retard',
    STALE: 'ancien',
    NOT_HELD: 'non détenu',
    SIMULATED: 'simulé',
  },
  units: {
    pupils: 'élèves',
    classes: 'classes',
    inhabitants: 'habitants',
    'pupils per class': 'élèves par classe',
    'pupils per 1,000 inhabitants': 'élèves pour 1\u202f000 habitants',
  },
  search: {
    label: 'Chercher un territoire',
    hint: 'Commune, intercommunalité, département, région, code ou code postal',
    none: 'Aucun territoire de ce nom.',
    /** @param {number} count */
    found: (count) => (count === 1 ? 'Un territoire trouvé.' : `${count} territoires trouvés.`),
    /** @param {string} name */
    formerly: (name) => `anciennement ${name}`,
    add: 'Ajouter un territoire',
  },
  figure: {
    /** @param {string} what */
    open: (what) => `${what}\u00a0: d’où vient ce nombre\u202f?`,
    title: 'D’où vient ce nombre\u202f?',
    owner: 'Propriétaire',
    producer: 'Producteur',
    publisher: 'Diffuseur',
    legalBasis: 'Base légale',
    dataset: 'Jeu de données',
    version: 'Version',
    licence: 'Licence',
    attribution: 'À citer',
    retrieved: 'Récupéré le',
    vintage: 'Géographie (COG)',
    snapshot: 'Empreinte du fichier',
    rule: 'Règle de calcul',
    method: 'Méthode',
    status: 'Statut',
    period: 'Période',
    coverage: 'Couverture',
    /** @param {string} reported @param {string} expected @param {string} share */
    coverageOf: (reported, expected, share) =>
      `${reported} sur ${expected} ${expected === '1' ? 'contributeur' : 'contributeurs'} (${share})`,
    noCoverage: 'Sans objet\u00a0: le nombre n’est pas une somme.',
    missing: 'Ce qui manque',
    missingInParts: 'Chaque propriétaire dit ce qui manque dans sa part\u00a0:',
    noMissing: 'Rien ne manque.',
    /** @param {string} shown @param {string} total */
    missingOf: (shown, total) => `${shown} sur ${total}`,
    estimated: 'Part estimée',
    notLocated: 'Non localisés dans une commune',
    notes: 'Notes',
    inputs: 'Calculé à partir de',
    alternatives: 'La même valeur selon des sources plus faibles',
    reconciliation: 'Comparaison avec le total publié',
    noReconciliation: 'Aucun total publié pour ce territoire et cette année.',
    computed: 'Calculé',
    published: 'Publié',
    gap: 'Écart',
    verdict: 'Verdict',
    source: 'Page de la source',
  },
  competenceStatuses: {
    KNOWN: 'connu',
    SHARED: 'partagé',
    UNKNOWN: 'inconnu\u00a0: aucune source ne le dit',
    NOT_APPLICABLE: 'sans objet',
  },
  territory: {
    where: 'Où il se trouve',
    code: 'code',
    siren: 'SIREN',
    /** @param {string} name @param {string} code */
    resolvedFrom: (name, code) =>
      `${name} (${code}) n’existe plus sous ce nom ou ce code\u00a0: voici le territoire d’aujourd’hui.`,
    part: 'sa partie',
    noEpci: 'Sans intercommunalité',
    members: 'Carte de ses membres',
    compare: 'Comparer',
    population: 'Population',
    /** @param {string} year */
    populationOf: (year) => `Population municipale, recensement ${year}`,
    enrolment: 'Élèves scolarisés ici, par propriétaire du chiffre',
    /** @param {string} year */
    rentree: (year) => `Rentrée ${year}`,
    year: 'Rentrée',
    newest: 'la plus récente',
    /** @param {number} year */
    notHeld: (year) => `La rentrée ${year} n’est pas détenue\u00a0: voici la plus récente.`,
    unanswered: 'Pas de réponse pour',
    cycle: 'Cycle',
    owner: 'Propriétaire',
    pupils: 'Élèves',
    share: 'Part du total',
    shareOfKnown: 'Part de ce qui est connu',
    coverage: 'Établissements comptés',
    series: 'Au fil des rentrées',
    seriesOf: 'Élèves par cycle',
    geography: 'Géographie',
    geographyNow: 'celle d’aujourd’hui',
    /** @param {number} year */
    geographyOf: (year) => `communes et EPCI de ${year}`,
    breakdown: 'Qui sont ces élèves',
    by: 'Ventiler par',
    noBreakdown: 'La source ne ventile pas ce cycle ainsi.',
    part_: 'Part',
    rank: 'Sa place parmi ses pairs',
    measure: 'Grandeur',
    /** @param {string} position @param {string} of @param {string} tiers */
    position: (position, of, tiers) => `${position} sur ${of} ${tiers}`,
    /** @param {string} share @param {string} tiers */
    percentile: (share, tiers) => `${share} des ${tiers} ont une valeur inférieure ou égale.`,
    median: 'médiane',
    quartiles: 'Quartiles',
    position_: 'Rang',
    peers: 'Les territoires qui lui ressemblent le plus (même échelon, même nature, population la plus proche)',
    competences: 'Qui est compétent',
    competence: 'Compétence',
    who: 'Qui',
    /** @param {string} count */
    others: (count) => `et ${count} autres`,
    /** @param {string} name */
    mayBe: (name) => `transférable à ${name}, sans source qui le dise`,
    missing: 'Ce qui manque dans le premier degré',
    missingNone: 'Aucune école attendue ne manque.',
    school: 'École',
    reason: 'Raison',
    place: 'Commune',
    /** @param {number} count @param {string} written */
    missingCount: (count, written) => (count === 1 ? '1 manquante en tout' : `${written} manquantes en tout`),
    unknownTerritory: 'Territoire inconnu',
    epcis: 'Les intercommunalités qui le touchent',
    /** @param {string} all @param {string} straddling */
    epcisCount: (all, straddling) => `${all} en tout, dont ${straddling} à cheval sur sa limite.`,
    straddling: 'À cheval sur sa limite',
    within: 'Entièrement à l’intérieur',
    /** @param {string} share */
    partOf: (share) => `${share} de ses habitants ici`,
    suggestions: 'Les plus proches',
  },
  lines: {
    year: 'Année',
    none: 'aucune valeur',
    /** @param {string} from @param {number} first @param {string} to @param {number} last */
    way: (from, first, to, last) => `de ${from} en ${first} à ${to} en ${last}`,
    /** @param {number} count */
    lacking: (count) => (count === 1 ? 'une année sans valeur' : `${count} années sans valeur`),
  },
  sources: {
    title: 'Qui ouvre quoi',
    lead: 'Pour chaque grandeur\u00a0: qui est compétent selon la loi, qui la compte, qui la publie, sous quelle licence. Puis ce qui est détenu, ce qui manque, et ce qui concorde.',
    parts: 'Parties de la page',
    tabs: {
      owners: 'Propriétaires',
      datasets: 'Jeux de données',
      coverage: 'Couverture',
      reconciliation: 'Concordance',
      status: 'État du service',
    },
    owners: {
      question: 'Pour la rentrée scolaire\u00a0: l’inspection ou la mairie\u202f?',
      answer: [
        'Les deux, chacune pour sa part. La mairie est compétente pour les écoles publiques (code de l’éducation, article L212-4)\u00a0: elle en a la charge. Mais ce n’est pas elle qui en publie les effectifs. Les élèves sont comptés par les directions d’école et par le rectorat, dont relèvent les inspections (IEN, DSDEN)\u202f; la DEPP consolide, et le ministère de l’Éducation nationale publie sur data.education.gouv.fr, sous Licence Ouverte 2.0.',
        'Un chiffre manque\u202f? Il se demande à qui compte\u00a0: l’école, l’inspection, le rectorat. Une école elle-même est en question\u202f? Cela se demande à la mairie. Collèges et lycées suivent la même règle, avec le département (article L213-2) et la région (article L214-6), ou la collectivité qui en tient lieu.',
      ],
      /** @type {readonly (readonly [string, string])[]} */
      roles: [
        [
          'Compétent',
          'Qui la loi charge de ce qui est compté. C’est le propriétaire que Strates nomme à côté de chaque nombre.',
        ],
        ['Producteur', 'Qui compte et contrôle le chiffre.'],
        ['Diffuseur', 'Qui met le fichier en ligne et en fixe la licence.'],
      ],
      consolidated: 'Comment un chiffre se consolide à chaque échelon',
      consolidation:
        'Il part des établissements, s’additionne par commune, puis par intercommunalité, département et région, jusqu’à la nation, sur une seule géographie (le COG). Qui n’a rien donné n’est pas compté pour zéro\u00a0: le total porte alors le statut «\u202fpartiel\u202f», et l’absent est nommé sous «\u202fCouverture\u202f». Les totaux sont comparés à ceux qui sont publiés, sous «\u202fConcordance\u202f». Un rapport, comme les élèves par classe, se recalcule de ses deux termes à chaque échelon\u00a0: jamais une moyenne de moyennes.',
      registry: 'Le registre des propriétaires',
      registryLead:
        'Chaque grandeur avec chaque jeu qui la donne. Quand plusieurs jeux donnent une valeur, le plus fort répond, et les autres se lisent dans la provenance du nombre.',
      measure: 'Grandeur',
      competent: 'Compétent',
      producer: 'Produit par',
      publisher: 'Publié par',
      dataset: 'Jeu de données',
      licence: 'Licence',
      years: 'Années',
      /** @param {number} count */
      answersFor: (count) => (count === 1 ? 'une grandeur' : `${count} grandeurs`),
      everyTier: 'à tous les échelons',
      notHeld: 'non détenu',
      /** @param {number} place */
      rank: (place) => `${place === 1 ? '1re' : `${place}e`} source`,
      /** @param {string} year */
      since: (year) => (year === '' ? 'Depuis' : `depuis ${year}`),
      competences: 'Qui est compétent pour les écoles, collèges et lycées d’un territoire\u202f?',
      /** @param {string} name */
      competencesOf: (name) => `Qui est compétent\u00a0: ${name}`,
      competencesLead:
        'Par son nom, pour les établissements publics. Ce qu’aucune source ne dit, un transfert par exemple, est dit inconnu.',
      chooseTerritory: 'Choisir un territoire',
      forExample: 'Par exemple\u00a0:',
      schools: 'Établissements',
      body: 'Compétent',
      certainty: 'Certitude',
      legalBasis: 'Base légale',
      longSince: 'avant 2016',
      /** @param {string} count */
      allBodies: (count) => `Montrer les ${count}`,
      /** @param {string} count */
      forCommunes: (count) => `pour ${count} communes`,
      transferable: 'Peut être exercée à sa place par',
      certainties: { KNOWN: 'connu', SHARED: 'partagé', UNKNOWN: 'inconnu', NOT_APPLICABLE: 'sans objet' },
      certaintyMeans: {
        KNOWN: 'La loi nomme cette collectivité pour tout le territoire.',
        SHARED: 'La loi en nomme plusieurs, celle-ci pour sa part du territoire.',
        UNKNOWN: 'Aucune source ne dit qui l’exerce\u00a0: la compétence, si elle est nommée, a pu être transférée.',
        NOT_APPLICABLE: 'Il n’y a pas d’établissement ici.',
      },
      /** @param {number} count */
      notes: (count) => (count === 1 ? 'À savoir (une note)' : `À savoir (${count} notes)`),
    },
    datasets: {
      title: 'Les jeux de données détenus',
      lead: 'Ce qui est détenu de chaque jeu, de quand, et ce qui a été refusé. Un fichier refusé n’est jamais servi\u00a0: la version précédente reste.',
      catalog: 'Catalogue DCAT-AP (JSON-LD)',
      feeds: 'Tables entières (CSV, Parquet, NDJSON)',
      atom: 'Nouvelles versions (Atom)',
      /** @param {string} count */
      summaryOf: (count) => `${count} jeux\u00a0:`,
      /** @param {number} count */
      refusedOf: (count) => (count === 1 ? 'un fichier refusé' : `${count} fichiers refusés`),
      noFile: 'aucun fichier',
      freshness: 'Fraîcheur',
      freshnessMeans:
        'À jour\u00a0: rien de plus récent n’est attendu. En retard\u00a0: attendu depuis moins d’un intervalle. Ancien\u00a0: depuis plus longtemps. Non détenu\u00a0: aucun fichier n’était là. Simulé\u00a0: chiffres inventés.',
      frequency: 'Renouvellement',
      frequencies: { ANNUAL: 'chaque année', CONTINUOUS: 'en continu' },
      years: 'Années détenues',
      lastUpdate: 'Récupéré le',
      nextExpected: 'Prochain attendu le',
      expectedSince: 'Plus récent attendu depuis le',
      /** @param {string} day */
      refused: (day) => `Le dernier fichier a été refusé le ${day}\u202f; ce qui est servi est plus ancien, ou rien.`,
    },
    coverage: {
      title: 'Ce qui manque, et où',
      lead: 'Un total est complet quand tous les contributeurs attendus ont donné leur chiffre\u00a0: chaque établissement pour les effectifs, chaque commune pour la population.',
      chooseTerritory: 'Choisir un territoire',
      measure: 'Grandeur',
      year: 'Année',
      noYear: 'aucune détenue',
      noneHeld: 'Rien n’est détenu de cette grandeur',
      noneHeldMeans:
        'Aucun fichier n’a pu être lu\u00a0: on ne peut dire ni ce qui est complet, ni ce qui manque. Voir ce qui est détenu\u00a0:',
      tier: 'Membres',
      /** @param {string} name @param {number} year */
      whole: (name, year) => `${name}, ${year}`,
      map: 'Voir cette couverture sur la carte',
      /** @param {string} others */
      members: (others) => `Couverture des ${others}`,
      /** @param {number} count @param {string} written @param {string} others */
      lacking: (count, written, others) => (count === 0 ? '' : `Il manque quelque chose dans ${written} ${others}.`),
      /** @param {number} count @param {string} written @param {string} others */
      complete: (count, written, others) => (count === 0 ? '' : `${written} ${others} sans rien qui manque.`),
      /** @param {string} written @param {string} others */
      beside: (written, others) => `Sans objet ou hors champ\u00a0: ${written} ${others}.`,
      lackingCaption: 'Les moins couverts d’abord',
      wholeCaption: 'Ceux à qui rien ne manque',
      territory: 'Territoire',
      missing: 'Manquent',
      value: 'Valeur',
      unknown: 'inconnue',
      /** @param {string} reported @param {string} expected @param {string} share */
      reportedOf: (reported, expected, share) => `${reported} sur ${expected} (${share})`,
      /** @param {string} count */
      allLacking: (count) => `Montrer les ${count}`,
      listWhole: 'Lister ceux qui sont complets',
      listLacking: 'Revenir à ce qui manque',
    },
    missing: {
      /** @param {string} name */
      title: (name) => `Qui manque, par son nom\u00a0: ${name}`,
      /** @param {string} shown @param {string} total */
      lead: (shown, total) => `${shown} sur ${total}, pour que quelqu’un les appelle`,
      /** @param {string} status */
      noValue: (status) => `Pas de valeur ici (${status})\u00a0: qui manque n’est pas connu.`,
      name: 'Nom',
      code: 'Code (UAI, COG)',
      reason: 'Raison',
      place: 'Lieu',
    },
    reconciliation: {
      title: 'Les communes font-elles le compte\u202f?',
      lead: 'Ce que Strates additionne, à côté de ce qui est publié par ailleurs pour le même territoire. L’écart n’est jamais masqué\u00a0: il a un verdict, et une raison.',
      tableTitle: 'Calculé et publié',
      measure: 'Grandeur',
      year: 'Rentrée',
      what: 'Grandeur',
      scope: 'Territoire',
      every: 'toutes',
      none: 'Rien à comparer pour ce choix.',
      /** @param {string} count */
      allRows: (count) => `Montrer les ${count}`,
      showAll: 'Montrer tous les verdicts',
      showOnly: 'Ne montrer que ceux-là',
      publishedBy: 'Publié par',
      sectors: { ALL: 'public et privé', PUBLIC: 'public', PRIVATE: 'privé' },
      means: {
        AGREES: 'Moins de 0,1\u202f% d’écart.',
        EXPLAINED: 'Plus d’écart, et des causes connues\u00a0: ce qui peut être compté l’est, et ce qui reste est dit.',
        DISAGREES: 'Plus d’écart, sans cause connue.',
        NOT_COMPARABLE: 'L’un des deux nombres manque, ou les deux ne couvrent pas la même chose.',
      },
    },
    status: {
      title: 'État du service',
      page: 'page d’état',
      words: {
        ok: 'en ordre',
        silent: 'une source se tait',
        quarantine: 'quarantaine',
        stale: 'version précédente',
        degraded: 'dégradé',
        starting: 'démarre',
      },
      means: {
        ok: 'Tout répond.',
        silent: 'Une source ne répond plus depuis deux semaines\u202f; ce qui en est détenu reste servi.',
        quarantine: 'Un fichier récent a été refusé\u202f; la version précédente de ce jeu reste servie.',
        stale:
          'La dernière version publiée, ou le dernier supergraphe, ne peut pas être servie\u202f; la précédente reste servie.',
        degraded: 'Un propriétaire ne répond pas\u00a0: sa part manque dans les réponses, le reste est servi.',
        starting: 'Le service démarre.',
      },
      since: 'Servie depuis',
      again: 'Actualiser',
      owners: 'Propriétaires des données',
      ownersCaption: 'Tel que le service l’a appris des dernières questions posées.',
      owner: 'Propriétaire',
      state: 'État',
      states: { up: 'répond', down: 'ne répond pas', unknown: 'pas encore interrogé' },
      lastAnswer: 'Dernière réponse',
      lastError: 'Dernier échec',
      /** @param {string} count */
      failures: (count) => `${count} de suite`,
      noDatasets: 'Le propriétaire du catalogue ne répond pas\u00a0: les jeux ne sont pas connus en ce moment.',
    },
  },
  compare: {
    title: 'Comparer des territoires',
    /** @param {string} names */
    titleOf: (names) => `Comparer ${names}`,
    lead: 'Jusqu’à cinq territoires, de tout échelon, côte à côte et au fil des années.',
    empty: 'Choisissez un premier territoire ci-dessus, ou partez d’un exemple\u00a0:',
    chosen: 'Territoires comparés',
    /** @param {number} count */
    count: (count) => (count === 1 ? 'Un territoire comparé.' : `${count} territoires comparés.`),
    /** @param {string} name */
    remove: (name) => `Retirer ${name}`,
    full: 'Cinq territoires au plus\u00a0: retirez-en un pour en ajouter un autre.',
    /** @param {string} ids */
    tooMany: (ids) => `Cinq territoires au plus\u00a0: ne sont pas montrés ${ids}.`,
    and: 'et',
    measures: 'Grandeurs',
    scale: 'Échelle',
    absolute: 'valeurs',
    index: 'indice',
    from: 'De',
    to: 'À',
    ends: 'toutes',
    /** @param {number} base */
    indexOf: (base) => `indice, base 100 en ${base}`,
    noBase:
      'Pas d’indice\u00a0: il n’y a pas d’année où tous ces territoires ont une valeur. Les valeurs sont montrées.',
    /** @param {string} names @param {number} base */
    partialBase: (names, base) =>
      `En ${base}, année de base, la valeur est partielle pour ${names}\u00a0: l’indice y est à lire avec prudence.`,
    noLikeBase:
      'Pas d’indice\u00a0: il n’y a pas d’année où tous ces territoires ont une valeur comparable à leur dernière. Les valeurs sont montrées.',
    /** @param {string} years @param {number} base */
    leftOut: (years, base) =>
      `Sans indice (${years})\u00a0: ces valeurs viennent d’une autre source que celle de ${base}, ou n’en couvrent pas la même part.`,
    /** @param {string} names */
    noChange: (names) =>
      `Pas d’évolution pour ${names}\u00a0: les années ne se comparent pas, car leurs valeurs partielles viennent de sources différentes ou n’en couvrent pas la même part.`,
    unlike: 'Autre source, ou autre couverture\u00a0: ces valeurs ne se comparent pas.',
    unlikeYears: 'non comparables',
    unlikeYear: 'non comparable à l’année de base',
    oneYear: 'Une seule année a des valeurs\u00a0: l’indice y vaut 100 partout.',
    /** @param {string} times */
    hint: (times) =>
      `Le plus grand de ces territoires vaut environ ${times} fois le plus petit\u00a0: un indice ou un rapport (par classe, par habitant) se compare mieux.`,
    toIndex: 'Voir en indice',
    territory: 'Territoire',
    newest: 'Dernière valeur',
    change: 'Évolution',
    /** @param {number} since @param {number} until */
    period: (since, until) => `${since}–${until}`,
    oneValue: 'une seule année',
    uncertain: 'Une des deux valeurs est partielle.',
    coverage: 'Couverture',
    indexIs: 'indice',
    export: 'Exporter ce qui est affiché',
    /** @param {string} format @param {string} what */
    exportOf: (format, what) => `Exporter en ${format}\u00a0: ${what}`,
    exported: 'Fichier enregistré.',
    exportFailed: 'Le fichier n’a pas pu être fait',
    hollow: 'Marque creuse\u00a0: valeur partielle.',
    hatched: 'Marque hachurée sous l’axe\u00a0: pas de valeur cette année-là.',
    sourceOf: 'Source',
    /** @param {string} date */
    retrieved: (date) => `récupéré le ${date}`,
  },
  map: {
    /** @param {string} measure @param {string} tier @param {string} name @param {string} period */
    title: (measure, tier, name, period) => [`${measure} par ${tier}`, name, period].filter(Boolean).join(', '),
    /** @param {string} tier @param {string} name @param {string} measure @param {string} period */
    coverageTitle: (tier, name, measure, period) =>
      `Ce qui manque par ${tier}, ${name}\u00a0: ${[measure, period].filter(Boolean).join(', ')}`,
    /** @param {string} year */
    rentree: (year) => `rentrée ${year}`,
    /** @param {string} year */
    noSuchYear: (year) =>
      `Rien n’est détenu de ${year} pour cette grandeur\u00a0: l’année la plus récente est montrée.`,
    map: 'Carte',
    tiles: 'Carte en tuiles',
    search: 'Montrer un autre territoire',
    path: 'Territoires qui l’englobent',
    settings: 'Réglages de la carte',
    tier: 'Par',
    measure: 'Grandeur',
    year: 'Année',
    noYear: 'aucune donnée',
    show: 'Montrer',
    value: 'les valeurs',
    coverage: 'ce qui manque',
    classes: 'Classes',
    quantile: 'effectifs égaux (quantiles)',
    equal: 'amplitudes égales',
    count: 'Nombre',
    legend: 'Légende',
    /** @param {string} from @param {string} to */
    span: (from, to) => (from === to ? from : `${from} à ${to}`),
    /** @param {string} from @param {string} to */
    below: (from, to) => `${from} à moins de ${to}`,
    complete: '100\u202f%\u00a0: rien ne manque',
    partialDot: 'partiel\u00a0: il manque des contributeurs',
    shared: 'contour commun à plusieurs territoires',
    withoutShape: 'sans contour sur la carte',
    /** @param {string} count @param {string} tiers @param {string} least @param {string} most */
    describe: (count, tiers, least, most) =>
      `${count} ${tiers}. ${least === most ? `Valeur\u00a0: ${least}` : `Valeurs de ${least} à ${most}`}.`,
    /** @param {string} count @param {string} tiers */
    describeNone: (count, tiers) => `${count} ${tiers}. Aucune valeur.`,
    /** @param {string} count */
    describeAbsent: (count) => `${count} sans valeur.`,
    /** @param {string} count */
    describePartial: (count) => (count === '1' ? 'Une valeur partielle.' : `${count} valeurs partielles.`),
    keys: 'Au clavier\u00a0: les flèches vont au voisin, Espace choisit, Entrée ouvre la fiche.',
    keyOfMap: 'M ouvre la carte de ses membres.',
    pointing: 'Survolez ou choisissez un territoire\u00a0: sa valeur s’affiche ici.',
    /** @param {string} position @param {string} of */
    rank: (position, of) => `${position} sur ${of}`,
    /** @param {string} reported @param {string} expected */
    reported: (reported, expected) =>
      `${reported} sur ${expected} ${expected === '1' ? 'contributeur' : 'contributeurs'}`,
    noShapes:
      'Aucun contour n’est chargé pour ces territoires\u00a0: les valeurs sont dans le tableau. Pour charger les contours officiels\u00a0:',
    tilesWhy: 'Une tuile par territoire\u00a0: aucun contour n’est chargé. Pour charger les contours officiels\u00a0:',
    how: 'Comment faire',
    boundaries: 'Contours',
    card: 'Sa fiche',
    /** @param {string} tiers */
    members: (tiers) => `Carte de ses ${tiers}`,
    missing: 'Ce qui lui manque',
    unselect: 'Ne plus choisir',
    table: 'Tableau',
    name: 'Nom',
    position: 'Rang',
    covered: 'Couverture',
    sorted: 'Trier par',
    /** @param {string} count */
    allRows: (count) => `Montrer les ${count} lignes`,
    fewRows: 'Montrer moins de lignes',
    noMembers: 'Ce territoire n’a pas de membres à montrer.',
    frames: {
      971: 'Guadeloupe',
      972: 'Martinique',
      973: 'Guyane',
      974: 'La Réunion',
      976: 'Mayotte',
      metropole: 'Métropole',
      'petite-couronne': 'Paris',
      elsewhere: 'Ailleurs',
    },
    briefFrames: {
      971: 'Guad.',
      972: 'Mart.',
      973: 'Guyane',
      974: 'Réunion',
      976: 'Mayotte',
      'petite-couronne': 'Paris',
    },
  },
}
