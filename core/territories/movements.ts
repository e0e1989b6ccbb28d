/** A commune that left the COG between two of the vintages held, and where it went. */
export interface Succession {
  readonly from: string
  readonly to: string
  readonly since: string
}

/**
 * Communes present in a vintage since 2019 and absent, even as a commune déléguée, from every later one: the vintages
 * alone cannot say what became of them. Facts from INSEE, "Événements survenus aux communes depuis 1943", edition 2026
 * (modality 32, commune nouvelle; 50, transfer of the seat).
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
  { from: '27058', to: '27676', since: '2023-01-01' },
  { from: '42072', to: '42217', since: '2025-01-01' },
  { from: '45287', to: '45307', since: '2019-03-01' },
  { from: '71131', to: '71566', since: '2025-01-01' },
  { from: '72287', to: '72155', since: '2025-01-01' },
  { from: '95282', to: '95169', since: '2024-01-01' },
]
