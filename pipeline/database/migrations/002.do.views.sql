-- What people read, of the version that current.json names: it changes at once for all of them.

CREATE VIEW strates_store.current_version AS
SELECT left(convert_from(content, 'UTF8')::json ->> 'snapshot', 16) AS version
FROM strates_store.chunk
WHERE key = 'current.json' AND position = 0;

CREATE SCHEMA strates;

COMMENT ON SCHEMA strates IS 'Open data of French territories as Strates answers it, read-only. See docs/sql.md of Strates.';

CREATE VIEW strates.observation AS
SELECT
  t.id AS territory,
  t.code AS territory_code,
  t.name AS territory_name,
  t.tier AS tier,
  t.epci_code AS epci_code,
  t.departement_code AS departement_code,
  t.region_code AS region_code,
  t.last AS geography,
  m.id AS measure,
  m.title AS measure_title,
  m.title_fr AS measure_title_fr,
  m.cycle AS cycle,
  m.owner AS owner,
  o.period AS period,
  o.value AS value,
  m.unit AS unit,
  m.unit_fr AS unit_fr,
  o.status AS status,
  o.method AS method,
  o.is_shown AS shown,
  o.expected AS expected,
  o.reported AS reported,
  o.missing AS missing,
  o.suppressed AS suppressed,
  o.share AS share,
  o.not_located AS not_located,
  o.not_located_value AS not_located_value,
  o.estimated_share AS estimated_share,
  s.simulated AS simulated,
  n.text AS notes,
  s.rank AS source_rank,
  s.dataset AS dataset,
  s.title AS dataset_title,
  s.dataset_version AS dataset_version,
  s.licence AS licence,
  s.licence_url AS licence_url,
  s.attribution AS attribution,
  s.source_url AS source_url,
  s.retrieved_at AS retrieved_at,
  o.version AS data_version
FROM strates_store.observation AS o
JOIN strates_store.source AS s ON s.version = o.version AND s.source = o.source
JOIN strates_store.measure AS m ON m.version = o.version AND m.measure = o.measure
JOIN strates_store.territory AS t ON t.version = o.version AND t.territory = o.territory AND t.is_current
LEFT JOIN strates_store.note AS n ON n.version = o.version AND n.note = o.note
WHERE o.version = (SELECT version FROM strates_store.current_version);

COMMENT ON VIEW strates.observation IS 'All measures, from every source that gives them: as enrolment, with the values of weaker sources beside those that the API answers.';
COMMENT ON COLUMN strates.observation.territory IS 'Identifier of the territory, such as commune:35238: its tier and code.';
COMMENT ON COLUMN strates.observation.territory_code IS 'Code of the territory: INSEE code of a commune, SIREN of an EPCI, code of a département or région; FR for the nation. A text: 01001 begins with 0.';
COMMENT ON COLUMN strates.observation.territory_name IS 'Official name of the territory.';
COMMENT ON COLUMN strates.observation.tier IS 'COMMUNE, EPCI, DEPARTEMENT, REGION, NATION, or GROUPING for what is no tier. Values of different tiers count the same pupils: filter on one tier before adding up.';
COMMENT ON COLUMN strates.observation.epci_code IS 'SIREN of the EPCI of a commune; NULL for the others, and for the communes without EPCI.';
COMMENT ON COLUMN strates.observation.departement_code IS 'Code of the département, or overseas collectivity, of a commune.';
COMMENT ON COLUMN strates.observation.region_code IS 'Code of the région, or overseas collectivity, of a commune or département.';
COMMENT ON COLUMN strates.observation.geography IS 'Year of the Code officiel géographique on which the value is given: the newest held.';
COMMENT ON COLUMN strates.observation.measure IS 'Identifier of the measure, such as pupils-primary.';
COMMENT ON COLUMN strates.observation.measure_title IS 'Name of the measure in English.';
COMMENT ON COLUMN strates.observation.measure_title_fr IS 'Name of the measure in French.';
COMMENT ON COLUMN strates.observation.cycle IS 'School cycle that the measure counts; NULL for a measure that is not of schools.';
COMMENT ON COLUMN strates.observation.owner IS 'Subgraph that answers for the measure: the tier that is competent for it, or national.';
COMMENT ON COLUMN strates.observation.period IS 'Year of the rentrée, or of the census.';
COMMENT ON COLUMN strates.observation.value IS 'The value; NULL where there is none, and status says why. Never 0 for what is not known.';
COMMENT ON COLUMN strates.observation.unit IS 'Unit of the value in English.';
COMMENT ON COLUMN strates.observation.unit_fr IS 'Unit of the value in French.';
COMMENT ON COLUMN strates.observation.status IS 'NORMAL or PARTIAL with a value; NOT_PUBLISHED, NOT_APPLICABLE, SUPPRESSED, SOURCE_UNAVAILABLE, OUT_OF_SCOPE or NON_ADDITIVE without.';
COMMENT ON COLUMN strates.observation.method IS 'PUBLISHED as the source gives it, CONSOLIDATED from its members, or CONVERTED from another geography.';
COMMENT ON COLUMN strates.observation.shown IS 'Whether this is the value that the API answers: that of the strongest source that has one. Filter on it before adding up.';
COMMENT ON COLUMN strates.observation.expected IS 'How many contributors (schools, or communes) should be in the value; NULL where that is not known.';
COMMENT ON COLUMN strates.observation.reported IS 'How many of them are.';
COMMENT ON COLUMN strates.observation.missing IS 'How many are not, for no known reason.';
COMMENT ON COLUMN strates.observation.suppressed IS 'How many the source withholds.';
COMMENT ON COLUMN strates.observation.share IS 'Share of the expected contributors that reported, from 0 to 1.';
COMMENT ON COLUMN strates.observation.not_located IS 'How many are counted in the département only, since their commune is not known.';
COMMENT ON COLUMN strates.observation.not_located_value IS 'What those have together.';
COMMENT ON COLUMN strates.observation.estimated_share IS 'Share of the value that was shared out by population, from 0 to 1.';
COMMENT ON COLUMN strates.observation.simulated IS 'Whether the value is invented, for trying Strates out.';
COMMENT ON COLUMN strates.observation.notes IS 'What to know of the value; NULL where there is nothing.';
COMMENT ON COLUMN strates.observation.source_rank IS 'Precedence of the source among those of the measure: 0 is the strongest; NULL for a sum or ratio of other measures.';
COMMENT ON COLUMN strates.observation.dataset IS 'Identifier of the dataset that the value comes from; several are joined by +.';
COMMENT ON COLUMN strates.observation.dataset_title IS 'Title of the dataset.';
COMMENT ON COLUMN strates.observation.dataset_version IS 'Version of the dataset, such as 1.2.0+ab12cd34: several where it is a sum of several.';
COMMENT ON COLUMN strates.observation.licence IS 'Licence of the dataset, by its SPDX identifier.';
COMMENT ON COLUMN strates.observation.licence_url IS 'Text of the licence.';
COMMENT ON COLUMN strates.observation.attribution IS 'Whom the licence asks to be named.';
COMMENT ON COLUMN strates.observation.source_url IS 'Page of the dataset at its publisher.';
COMMENT ON COLUMN strates.observation.retrieved_at IS 'When the dataset was retrieved; of several the earliest.';
COMMENT ON COLUMN strates.observation.data_version IS 'Version of all the data, as extensions.dataVersion of the API.';

CREATE VIEW strates.enrolment AS
SELECT
  territory,
  territory_code,
  territory_name,
  tier,
  epci_code,
  departement_code,
  region_code,
  geography,
  measure,
  measure_title,
  measure_title_fr,
  cycle,
  owner,
  period AS school_year,
  value,
  unit,
  unit_fr,
  status,
  method,
  expected,
  reported,
  missing,
  suppressed,
  share,
  not_located,
  not_located_value,
  estimated_share,
  simulated,
  notes,
  source_rank,
  dataset,
  dataset_title,
  dataset_version,
  licence,
  licence_url,
  attribution,
  source_url,
  retrieved_at,
  data_version
FROM strates.observation
WHERE shown AND cycle IS NOT NULL;

COMMENT ON VIEW strates.enrolment IS 'Schooling: one row for each territory, measure of schools and school year, with the value that the API answers or the reason why there is none.';
COMMENT ON COLUMN strates.enrolment.territory IS 'Identifier of the territory, such as commune:35238: its tier and code.';
COMMENT ON COLUMN strates.enrolment.territory_code IS 'Code of the territory: INSEE code of a commune, SIREN of an EPCI, code of a département or région; FR for the nation. A text: 01001 begins with 0.';
COMMENT ON COLUMN strates.enrolment.territory_name IS 'Official name of the territory.';
COMMENT ON COLUMN strates.enrolment.tier IS 'COMMUNE, EPCI, DEPARTEMENT, REGION, NATION, or GROUPING for what is no tier. Values of different tiers count the same pupils: filter on one tier before adding up.';
COMMENT ON COLUMN strates.enrolment.epci_code IS 'SIREN of the EPCI of a commune; NULL for the others, and for the communes without EPCI.';
COMMENT ON COLUMN strates.enrolment.departement_code IS 'Code of the département, or overseas collectivity, of a commune.';
COMMENT ON COLUMN strates.enrolment.region_code IS 'Code of the région, or overseas collectivity, of a commune or département.';
COMMENT ON COLUMN strates.enrolment.geography IS 'Year of the Code officiel géographique on which the value is given: the newest held.';
COMMENT ON COLUMN strates.enrolment.measure IS 'Identifier of the measure, such as pupils-primary.';
COMMENT ON COLUMN strates.enrolment.measure_title IS 'Name of the measure in English.';
COMMENT ON COLUMN strates.enrolment.measure_title_fr IS 'Name of the measure in French.';
COMMENT ON COLUMN strates.enrolment.cycle IS 'School cycle that the measure counts: PRIMARY, LOWER_SECONDARY (collège), UPPER_SECONDARY (lycée), or ALL for the three together.';
COMMENT ON COLUMN strates.enrolment.owner IS 'Subgraph that answers for the measure: the tier that is competent for it, or national.';
COMMENT ON COLUMN strates.enrolment.school_year IS 'Year of the rentrée: 2023 is the school year 2023-2024.';
COMMENT ON COLUMN strates.enrolment.value IS 'The value; NULL where there is none, and status says why. Never 0 for what is not known.';
COMMENT ON COLUMN strates.enrolment.unit IS 'Unit of the value in English.';
COMMENT ON COLUMN strates.enrolment.unit_fr IS 'Unit of the value in French.';
COMMENT ON COLUMN strates.enrolment.status IS 'NORMAL or PARTIAL with a value; NOT_PUBLISHED, NOT_APPLICABLE, SUPPRESSED, SOURCE_UNAVAILABLE, OUT_OF_SCOPE or NON_ADDITIVE without.';
COMMENT ON COLUMN strates.enrolment.method IS 'PUBLISHED as the source gives it, CONSOLIDATED from its members, or CONVERTED from another geography.';
COMMENT ON COLUMN strates.enrolment.expected IS 'How many contributors (schools, or communes) should be in the value; NULL where that is not known.';
COMMENT ON COLUMN strates.enrolment.reported IS 'How many of them are.';
COMMENT ON COLUMN strates.enrolment.missing IS 'How many are not, for no known reason.';
COMMENT ON COLUMN strates.enrolment.suppressed IS 'How many the source withholds.';
COMMENT ON COLUMN strates.enrolment.share IS 'Share of the expected contributors that reported, from 0 to 1.';
COMMENT ON COLUMN strates.enrolment.not_located IS 'How many are counted in the département only, since their commune is not known.';
COMMENT ON COLUMN strates.enrolment.not_located_value IS 'What those have together.';
COMMENT ON COLUMN strates.enrolment.estimated_share IS 'Share of the value that was shared out by population, from 0 to 1.';
COMMENT ON COLUMN strates.enrolment.simulated IS 'Whether the value is invented, for trying Strates out.';
COMMENT ON COLUMN strates.enrolment.notes IS 'What to know of the value; NULL where there is nothing.';
COMMENT ON COLUMN strates.enrolment.source_rank IS 'Precedence of the source among those of the measure: 0 is the strongest; NULL for a sum or ratio of other measures.';
COMMENT ON COLUMN strates.enrolment.dataset IS 'Identifier of the dataset that the value comes from; several are joined by +.';
COMMENT ON COLUMN strates.enrolment.dataset_title IS 'Title of the dataset.';
COMMENT ON COLUMN strates.enrolment.dataset_version IS 'Version of the dataset, such as 1.2.0+ab12cd34: several where it is a sum of several.';
COMMENT ON COLUMN strates.enrolment.licence IS 'Licence of the dataset, by its SPDX identifier.';
COMMENT ON COLUMN strates.enrolment.licence_url IS 'Text of the licence.';
COMMENT ON COLUMN strates.enrolment.attribution IS 'Whom the licence asks to be named.';
COMMENT ON COLUMN strates.enrolment.source_url IS 'Page of the dataset at its publisher.';
COMMENT ON COLUMN strates.enrolment.retrieved_at IS 'When the dataset was retrieved; of several the earliest.';
COMMENT ON COLUMN strates.enrolment.data_version IS 'Version of all the data, as extensions.dataVersion of the API.';

CREATE VIEW strates.territory AS
SELECT
  t.id AS territory,
  t.code AS code,
  t.name AS name,
  t.tier AS tier,
  t.kind AS kind,
  t.epci_code AS epci_code,
  t.epci_name AS epci_name,
  t.departement_code AS departement_code,
  t.departement_name AS departement_name,
  t.region_code AS region_code,
  t.region_name AS region_name,
  t.first AS valid_from,
  t.last AS valid_to,
  t.is_current AS is_current,
  t.version AS data_version
FROM strates_store.territory AS t
WHERE t.version = (SELECT version FROM strates_store.current_version);

COMMENT ON VIEW strates.territory IS 'Territories of every year of the Code officiel géographique held, with what they belong to: one row for each time that a territory stood unchanged.';
COMMENT ON COLUMN strates.territory.territory IS 'Identifier of the territory: its tier and code.';
COMMENT ON COLUMN strates.territory.code IS 'Code of the territory; a text.';
COMMENT ON COLUMN strates.territory.name IS 'Official name.';
COMMENT ON COLUMN strates.territory.tier IS 'COMMUNE, EPCI, DEPARTEMENT, REGION, NATION, or GROUPING for what is no tier.';
COMMENT ON COLUMN strates.territory.kind IS 'What it is within its tier, such as METROPOLE or COLLECTIVITE_OUTRE_MER.';
COMMENT ON COLUMN strates.territory.epci_code IS 'SIREN of the EPCI of a commune; NULL for the communes without one.';
COMMENT ON COLUMN strates.territory.epci_name IS 'Name of that EPCI.';
COMMENT ON COLUMN strates.territory.departement_code IS 'Code of the département, or overseas collectivity, of a commune.';
COMMENT ON COLUMN strates.territory.departement_name IS 'Name of that département.';
COMMENT ON COLUMN strates.territory.region_code IS 'Code of the région, or overseas collectivity, of a commune or département.';
COMMENT ON COLUMN strates.territory.region_name IS 'Name of that région.';
COMMENT ON COLUMN strates.territory.valid_from IS 'First year of the Code officiel géographique held in which it stands so.';
COMMENT ON COLUMN strates.territory.valid_to IS 'Last such year; the newest held for what stands today.';
COMMENT ON COLUMN strates.territory.is_current IS 'Whether it stands in the newest year held: values are given of these.';
COMMENT ON COLUMN strates.territory.data_version IS 'Version of all the data.';

CREATE VIEW strates.provenance AS
SELECT
  p.slice AS slice,
  m.id AS measure,
  m.title AS measure_title,
  m.title_fr AS measure_title_fr,
  p.period AS period,
  p.owner AS owner,
  m.competent AS competent,
  m.legal_basis AS legal_basis,
  p.dataset AS dataset,
  d.title AS dataset_title,
  p.rank AS source_rank,
  d.producer AS producer,
  d.publisher AS publisher,
  d.licence AS licence,
  d.licence_title AS licence_title,
  d.licence_url AS licence_url,
  d.attribution AS attribution,
  d.source_url AS source_url,
  d.dataset_version AS dataset_version,
  d.retrieved_at AS retrieved_at,
  p.snapshots AS snapshots,
  p.vintage AS source_geography,
  p.rule AS rule,
  p.note AS note,
  p.extent AS departements_expected,
  p.covered AS departements_covered,
  p.reported AS reported,
  p.total AS total,
  d.simulated AS simulated,
  p.version AS data_version
FROM strates_store.slice AS p
JOIN strates_store.dataset AS d ON d.version = p.version AND d.id = p.dataset
JOIN strates_store.measure AS m ON m.version = p.version AND m.measure = p.measure
WHERE p.version = (SELECT version FROM strates_store.current_version);

COMMENT ON VIEW strates.provenance IS 'Where values come from: one row for each measure, dataset and period held.';
COMMENT ON COLUMN strates.provenance.slice IS 'Position of the slice in the version: one measure of one dataset in one period.';
COMMENT ON COLUMN strates.provenance.measure IS 'Identifier of the measure.';
COMMENT ON COLUMN strates.provenance.measure_title IS 'Name of the measure in English.';
COMMENT ON COLUMN strates.provenance.measure_title_fr IS 'Name of the measure in French.';
COMMENT ON COLUMN strates.provenance.period IS 'Year of the rentrée, or of the census.';
COMMENT ON COLUMN strates.provenance.owner IS 'Subgraph that answers for it.';
COMMENT ON COLUMN strates.provenance.competent IS 'Who is competent by law for what is counted.';
COMMENT ON COLUMN strates.provenance.legal_basis IS 'The text that says so.';
COMMENT ON COLUMN strates.provenance.dataset IS 'Identifier of the dataset.';
COMMENT ON COLUMN strates.provenance.dataset_title IS 'Title of the dataset.';
COMMENT ON COLUMN strates.provenance.source_rank IS 'Precedence among the datasets of the measure: 0 is the strongest.';
COMMENT ON COLUMN strates.provenance.producer IS 'Who makes the figures.';
COMMENT ON COLUMN strates.provenance.publisher IS 'Who publishes them.';
COMMENT ON COLUMN strates.provenance.licence IS 'Licence, by its SPDX identifier.';
COMMENT ON COLUMN strates.provenance.licence_title IS 'Name of the licence.';
COMMENT ON COLUMN strates.provenance.licence_url IS 'Text of the licence.';
COMMENT ON COLUMN strates.provenance.attribution IS 'Whom the licence asks to be named.';
COMMENT ON COLUMN strates.provenance.source_url IS 'Page of the dataset at its publisher.';
COMMENT ON COLUMN strates.provenance.dataset_version IS 'Version of the dataset, such as 1.2.0+ab12cd34.';
COMMENT ON COLUMN strates.provenance.retrieved_at IS 'When the dataset was retrieved.';
COMMENT ON COLUMN strates.provenance.snapshots IS 'sha256 of each file that the rows come from, separated by " ; ".';
COMMENT ON COLUMN strates.provenance.source_geography IS 'Year of the Code officiel géographique in which the source gives the values.';
COMMENT ON COLUMN strates.provenance.rule IS 'How the rows became values.';
COMMENT ON COLUMN strates.provenance.note IS 'What makes the source weaker or different; NULL where nothing does.';
COMMENT ON COLUMN strates.provenance.departements_expected IS 'Codes of the départements that the dataset is meant to cover, separated by blanks.';
COMMENT ON COLUMN strates.provenance.departements_covered IS 'Codes of those that the files at hand cover.';
COMMENT ON COLUMN strates.provenance.reported IS 'How many contributors are counted.';
COMMENT ON COLUMN strates.provenance.total IS 'What they have together; NULL for what cannot be added up.';
COMMENT ON COLUMN strates.provenance.simulated IS 'Whether its values are invented.';
COMMENT ON COLUMN strates.provenance.data_version IS 'Version of all the data.';
