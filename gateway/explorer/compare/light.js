/** The colours of a picture that stands alone: those of the light style. A test holds the two together. */
export const LIGHT = {
  sheet: '#ffffff',
  ink: '#1c2330',
  soft: '#565e6c',
  line: '#d9d6cd',
  hatch: '#8b8f98',
  fair: '#7a4b00',
  'series-1': '#14507a',
  'series-2': '#b8860b',
  'series-3': '#a8432c',
  'series-4': '#2f7f86',
  'series-5': '#7a4f9a',
}

/** A colour by its name in the style. @param {string} name @returns {string} */
export const paint = (name) => LIGHT[/** @type {keyof typeof LIGHT} */ (name)] ?? LIGHT.ink
