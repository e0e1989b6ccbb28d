/**
 * Facts about communes that neither the history (1943 to 2019) nor the vintages tell, each table with its source. Without
 * them a code would end in nothing, or a movement would carry the date of the next vintage instead of its own.
 */

/** A commune that left the COG, where it went, and since when. */
export interface Succession {
  readonly from: string
  readonly to: string
  readonly since: string
}

/**
 * Communes present in a vintage since 2019 and absent, even as a commune déléguée, from the next one. INSEE, "Événements
 * survenus aux communes depuis 1943", edition 2026 (modality 32, commune nouvelle; 50, transfer of the seat).
 */
export const SUCCESSIONS: readonly Succession[] = [
  { from: '02077', to: '02564', since: '2023-01-01' },
  { from: '02311', to: '02589', since: '2025-01-01' },
  { from: '08300', to: '08439', since: '2025-01-01' },
  { from: '16238', to: '16023', since: '2025-01-01' },
  { from: '18131', to: '18173', since: '2024-01-01' },
  { from: '19092', to: '19143', since: '2022-01-01' },
  { from: '25134', to: '25185', since: '2022-01-01' },
  { from: '25282', to: '25060', since: '2024-01-01' },
  { from: '25297', to: '25364', since: '2025-01-01' },
  { from: '25549', to: '25060', since: '2024-01-01' },
  { from: '25628', to: '25375', since: '2022-01-01' },
  { from: '26371', to: '26289', since: '2025-01-01' },
  { from: '27676', to: '27058', since: '2021-01-01' },
  { from: '27058', to: '27676', since: '2023-01-01' },
  { from: '42072', to: '42217', since: '2025-01-01' },
  { from: '45287', to: '45307', since: '2019-03-01' },
  { from: '71131', to: '71566', since: '2025-01-01' },
  { from: '72287', to: '72155', since: '2025-01-01' },
  { from: '95282', to: '95169', since: '2024-01-01' },
]

/**
 * Former communes that did not stay with the code when their commune was divided. INSEE, same file (modality 21): of Les
 * Hauts-Talican (60054), La Neuville-Garnier went with Villotran to 60694, which kept the name, when Beaumont-les-Nonains
 * was re-established under 60054.
 */
export const REDISTRIBUTED: readonly Succession[] = [{ from: '60455', to: '60694', since: '2024-01-01' }]

/**
 * Movements between two vintages that did not happen on the 1 January of the later one: the day, and the codes concerned.
 * INSEE, same file (modalities 10, rename; 21, re-establishment; 32, commune nouvelle; 50, transfer of the seat).
 */
export const DATED: Readonly<Record<string, readonly string[]>> = {
  '2019-02-28': ['21183', '21213', '21452', '21507'],
  '2019-03-01': ['45287', '45307'],
  '2019-12-31': ['14666', '14712'],
  '2020-02-29': ['07242', '24291', '24459', '32199', '37187', '38206', '42173', '63343', '63460', '66076', '71401'],
  '2024-03-04': ['12076', '12218'],
  '2024-03-15': ['69114', '69159'],
  '2024-04-24': ['14011', '14581'],
  '2025-01-11': ['10411', '12083', '27497', '30195', '31522', '58226', '76484'],
}

/**
 * Days that the history (1943 to 2019) gives otherwise than INSEE's same file, edition 2026: the day of the history, the
 * one to put in its place, and the codes concerned. Le Puy-Saint-Bonnet joined Cholet on 1 September 1973 (modality 33).
 */
export const REDATED: readonly (readonly [told: string, day: string, codes: readonly string[]])[] = [
  ['1973-08-03', '1973-09-01', ['49099', '79224']],
]

/**
 * A commune that had another code for its last day, which the history passes over. INSEE, same file (modalities 41 and 32):
 * Le Fresne-sur-Loire left Loire-Atlantique the day before it merged with Ingrandes.
 */
export const PASSED_OVER: readonly Succession[] = [{ from: '44060', to: '49382', since: '2015-12-31' }]

/**
 * Codes that changed with the status of a collectivity, place by place. Saint-Barthélemy and Saint-Martin: loi organique
 * n° 2007-223 du 21 février 2007 (INSEE's file ends 97123 and 97127 on 23 February 2007, without successor). Mayotte: code
 * 985 until it became a département on 31 March 2011 (lois n° 2010-1486 and 2010-1487 du 7 décembre 2010), then 976; the
 * last two digits stayed.
 */
export const RECODED: readonly Succession[] = [
  { from: '97123', to: '97701', since: '2007-02-23' },
  { from: '97127', to: '97801', since: '2007-02-23' },
  ...Array.from({ length: 17 }, (_, position) => {
    const place = String(position + 1).padStart(2, '0')
    return { from: `985${place}`, to: `976${place}`, since: '2011-03-31' }
  }),
]

/**
 * Communes made out of parts of others, which went on: the commune, those that it was cut out of, and the day. INSEE, same
 * file (modality 20, creation).
 */
export const CREATED: readonly (readonly [code: string, from: readonly string[], since: string])[] = [
  ['09342', ['09277'], '1949-01-08'],
  ['12307', ['12253'], '1952-12-03'],
  ['13118', ['13114'], '1950-05-12'],
  ['13119', ['13085'], '1966-08-29'],
  ['15268', ['15196'], '1945-09-17'],
  ['15269', ['15179'], '1953-03-07'],
  ['17484', ['17375'], '1947-09-19'],
  ['17485', ['17411'], '1949-12-14'],
  ['17486', ['17337'], '1951-12-12'],
  ['20366', ['20342'], '1947-04-12'],
  ['26379', ['26038'], '1946-10-01'],
  ['26380', ['26119'], '1948-06-24'],
  ['26381', ['26039'], '1950-02-19'],
  ['26382', ['26079'], '1954-12-18'],
  ['27701', ['27351', '27365', '27471', '27474', '27528', '27537', '27598', '27651'], '1981-09-28'],
  ['29302', ['29231', '29263'], '1949-08-27'],
  ['30354', ['30183'], '1947-10-01'],
  ['30355', ['30092'], '1949-03-30'],
  ['30356', ['30047'], '1961-09-20'],
  ['31590', ['31040'], '1948-07-22'],
  ['31591', ['31059'], '1953-02-12'],
  ['31592', ['31232'], '1955-06-20'],
  ['31593', ['31251'], '1958-03-28'],
  ['32467', ['32165'], '1947-11-09'],
  ['32468', ['32287'], '1949-05-14'],
  ['33555', ['33051'], '1946-11-01'],
  ['34344', ['34154'], '1974-10-01'],
  ['35362', ['35224'], '1953-07-05'],
  ['35363', ['35266'], '1986-01-01'],
  ['38567', ['38422', '38478', '38529'], '1989-02-15'],
  ['39586', ['39374'], '1950-11-11'],
  ['42339', ['42282'], '1947-04-27'],
  ['44221', ['44138'], '1949-11-27'],
  ['44222', ['44163'], '1950-10-11'],
  ['44223', ['44102'], '1954-09-06'],
  ['44224', ['44214'], '1959-01-01'],
  ['46337', ['46293'], '1946-06-01'],
  ['46338', ['46269'], '1947-10-23'],
  ['46339', ['46251', '46271', '46281', '46295'], '1948-06-17'],
  ['46340', ['46188'], '1951-01-03'],
  ['47328', ['47283'], '1947-04-12'],
  ['51663', ['51210'], '1965-02-01'],
  ['56262', ['56167'], '1947-10-01'],
  ['56263', ['56176'], '1950-02-26'],
  ['56264', ['56210'], '1955-06-11'],
  ['57765', ['57550'], '1954-01-01'],
  ['57766', ['57206', '57562'], '1958-01-01'],
  ['57767', ['57372'], '1989-01-01'],
  ['59670', ['59011'], '1948-06-06'],
  ['60703', ['60586'], '1954-01-15'],
  ['62907', ['62215'], '1947-09-28'],
  ['62908', ['62075'], '1949-06-29'],
  ['65481', ['65089'], '1946-08-16'],
  ['65482', ['65455'], '1958-05-16'],
  ['71591', ['71569'], '1952-06-18'],
  ['78692', ['78039'], '1948-08-01'],
  ['80836', ['80163'], '1986-01-01'],
  ['81326', ['81063'], '1950-05-12'],
  ['83152', ['83079'], '1949-07-25'],
  ['83153', ['83126'], '1950-04-24'],
  ['83154', ['83051'], '1954-08-30'],
  ['85307', ['85294'], '1954-01-15'],
  ['91692', ['91122', '91471'], '1977-02-19'],
  ['97233', ['97204'], '1949-03-25'],
  ['97234', ['97205'], '1950-08-26'],
  ['97314', ['97308'], '1950-04-07'],
  ['97357', ['97353'], '1953-01-01'],
  ['97358', ['97312'], '1953-01-01'],
  ['97359', ['97310'], '1953-01-01'],
  ['97360', ['97357'], '1976-11-12'],
  ['97361', ['97306'], '1989-01-01'],
  ['97362', ['97357'], '1993-01-01'],
  ['97424', ['97414'], '1965-02-05'],
]

/**
 * Communes divided among several others: the commune, its heirs, and the day. INSEE, same file (modality 30, end).
 */
export const DIVIDED: readonly (readonly [code: string, among: readonly string[], since: string])[] = [
  ['08227', ['08203', '08454'], '1968-03-02'],
  ['45117', ['45093', '45313'], '1965-01-01'],
  ['51385', ['51440', '51487', '51503'], '1950-06-17'],
  ['51606', ['51235', '51313', '51369'], '1966-12-12'],
  ['60606', ['60509', '60587'], '1951-07-09'],
  ['77362', ['77066', '77444'], '1949-07-08'],
]

/** A code that several territories share out now, or that one has taken over. */
export interface FormerCode {
  readonly from: string
  readonly name: string
  readonly to: readonly string[]
}

/**
 * Départements that are no more. Corse: loi n° 75-356 du 15 mai 1975, in force on 1 January 1976. Seine and Seine-et-Oise
 * (loi n° 64-707 du 10 juillet 1964) gave their codes 75 and 78 to successors and are not asked for by them. Mayotte: see
 * RECODED.
 */
export const FORMER_DEPARTEMENTS: readonly FormerCode[] = [
  { from: '20', name: 'Corse', to: ['2A', '2B'] },
  { from: '985', name: 'Mayotte', to: ['976'] },
]

/** Régions put together on 1 January 2016: loi n° 2015-29 du 16 janvier 2015, article 1; codes of INSEE's COG 2015 and 2016. */
export const FORMER_REGIONS: readonly FormerCode[] = [
  { from: '21', name: 'Champagne-Ardenne', to: ['44'] },
  { from: '22', name: 'Picardie', to: ['32'] },
  { from: '23', name: 'Haute-Normandie', to: ['28'] },
  { from: '25', name: 'Basse-Normandie', to: ['28'] },
  { from: '26', name: 'Bourgogne', to: ['27'] },
  { from: '31', name: 'Nord-Pas-de-Calais', to: ['32'] },
  { from: '41', name: 'Lorraine', to: ['44'] },
  { from: '42', name: 'Alsace', to: ['44'] },
  { from: '43', name: 'Franche-Comté', to: ['27'] },
  { from: '54', name: 'Poitou-Charentes', to: ['75'] },
  { from: '72', name: 'Aquitaine', to: ['75'] },
  { from: '73', name: 'Midi-Pyrénées', to: ['76'] },
  { from: '74', name: 'Limousin', to: ['75'] },
  { from: '82', name: 'Rhône-Alpes', to: ['84'] },
  { from: '83', name: 'Auvergne', to: ['84'] },
  { from: '91', name: 'Languedoc-Roussillon', to: ['76'] },
]
