/**
 * Brings a place name to the form that labels of official files share: capitals without accents, apostrophes, hyphens or
 * doubled blanks, "ST" and "STE" spelled out, and no postal ending ("CEDEX 7"). `"St-Père-Marc-en-Poulet"` and
 * `"SAINT PERE MARC EN POULET"` meet; nothing else is guessed.
 */
export function normaliseName(label: string): string {
  return foldName(label)
    .replace(/\bCEDEX\b.*$/, '')
    .replace(/\bSTE\b/g, 'SAINTE')
    .replace(/\bSTES\b/g, 'SAINTES')
    .replace(/\bSTS\b/g, 'SAINTS')
    .replace(/\bST\b/g, 'SAINT')
    .trim()
    .replace(/^(PARIS|LYON|MARSEILLE) 0*(\d+)E?R?(?: ARRONDISSEMENT)?$/, '$1 $2 ARRONDISSEMENT')
}

/** A name, or a part of one, in capitals without accents, apostrophes, hyphens or doubled blanks: `"L'Haÿ-les-Roses"` → `"L HAY LES ROSES"`. */
export const foldName = (label: string): string =>
  label
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll('Œ', 'OE')
    .replaceAll('Æ', 'AE')
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()
