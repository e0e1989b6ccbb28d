import type { Tier } from '../../../core/territories/code.ts'

/** Another name of a territory: its tier and code, and the names. */
export type OtherNames = readonly (readonly [tier: Tier, code: string, names: readonly string[]])[]

/**
 * Sigles and short names that no official list gives. Régions: as they write themselves, and ISO 3166-2:FR; EPCI: as they sign, or
 * signed before their last change of status (CUS, CUB, LMCU, COURLY). Sigles that an EPCI has in its official name, as
 * "(CINOR)", are taken from there.
 */
export const IN_USE: OtherNames = [
  ['NATION', 'FR', ['République française', 'FR']],
  ['GROUPING', 'drom', ['DROM', 'DOM', 'DOM-TOM', 'Outre-mer']],
  ['GROUPING', 'metropole', ['France hexagonale', 'Hexagone']],
  ['COMMUNE', '38253', ['Les 2 Alpes']],
  ['DEPARTEMENT', '984', ['TAAF']],
  ['REGION', '11', ['IDF']],
  ['REGION', '24', ['CVL']],
  ['REGION', '27', ['BFC']],
  ['REGION', '28', ['NOR']],
  ['REGION', '32', ['HDF']],
  ['REGION', '44', ['GE', 'GES']],
  ['REGION', '52', ['PDL']],
  ['REGION', '53', ['BRE', 'BZH']],
  ['REGION', '75', ['NA', 'NAQ']],
  ['REGION', '76', ['OCC']],
  ['REGION', '84', ['ARA', 'AURA']],
  ['REGION', '93', ['PACA', 'PAC', 'Région Sud']],
  ['REGION', '94', ['COR']],
  ['EPCI', '200046977', ['Grand Lyon', 'COURLY']],
  ['EPCI', '200093201', ['MEL', 'LMCU', 'Lille Métropole']],
  ['EPCI', '246700488', ['CUS', 'EMS']],
  ['EPCI', '200054781', ['MGP']],
  ['EPCI', '200054807', ['AMP', 'Aix-Marseille-Provence Métropole']],
  ['EPCI', '200059889', ['GPSEO', 'GPS&O']],
  ['EPCI', '200059228', ['GPS']],
  ['EPCI', '200056232', ['CPS']],
  ['EPCI', '200058782', ['SQY']],
  ['EPCI', '247800584', ['VGP']],
  ['EPCI', '249500109', ['CACP']],
  ['EPCI', '200030195', ['NCA']],
  ['EPCI', '240600585', ['CASA']],
  ['EPCI', '248300543', ['TPM']],
  ['EPCI', '243400017', ['3M']],
  ['EPCI', '200027183', ['PMM']],
  ['EPCI', '200040442', ['LMV']],
  ['EPCI', '243300316', ['CUB']],
  ['EPCI', '200067106', ['CAPB']],
  ['EPCI', '200040715', ['GAM']],
  ['EPCI', '244200770', ['SEM']],
  ['EPCI', '242500361', ['GBM']],
  ['EPCI', '245400676', ['MGN']],
  ['EPCI', '200066009', ['m2A']],
  ['EPCI', '200023414', ['MRN']],
  ['EPCI', '242900314', ['BMO']],
  ['EPCI', '244900015', ['ALM']],
  ['EPCI', '243700754', ['TMVL']],
  ['EPCI', '200033579', ['CUA']],
  ['EPCI', '245900428', ['CUD']],
  ['EPCI', '242010056', ['CAPA']],
  ['EPCI', '249720061', ['CACEM']],
  ['EPCI', '249720053', ['CAESM']],
  ['EPCI', '249730045', ['CACL']],
  ['EPCI', '249740085', ['CASUD']],
]

/**
 * Names that départements and régions had under the code of today. Départements: the decrees that renamed them (22 on 27 February
 * 1990, 04 on 13 April 1970, 64 on 10 October 1969, 44 on 9 March 1957, 76 on 18 January 1955, 17 on 4 September 1941). Régions: loi
 * n° 2015-29 du 16 janvier 2015 (Centre), and the names that they had from 1 January to 30 September 2016 (its article 2).
 */
export const NAMED_BEFORE: OtherNames = [
  ['DEPARTEMENT', '04', ['Basses-Alpes']],
  ['DEPARTEMENT', '17', ['Charente-Inférieure']],
  ['DEPARTEMENT', '22', ['Côtes-du-Nord']],
  ['DEPARTEMENT', '44', ['Loire-Inférieure']],
  ['DEPARTEMENT', '64', ['Basses-Pyrénées']],
  ['DEPARTEMENT', '76', ['Seine-Inférieure']],
  ['REGION', '24', ['Centre']],
  ['REGION', '32', ['Nord-Pas-de-Calais-Picardie']],
  ['REGION', '44', ['Alsace-Champagne-Ardenne-Lorraine']],
  ['REGION', '75', ['Aquitaine-Limousin-Poitou-Charentes']],
  ['REGION', '76', ['Languedoc-Roussillon-Midi-Pyrénées']],
]
