import fc from 'fast-check'

const ROUGH = [
  '"',
  '""',
  "'",
  ',',
  ';',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '=',
  '+',
  '-',
  '@',
  '＝',
  '\0',
  '\u2028',
  '\uFEFF',
  '\uD83D',
  '\uDE00',
  '😀',
  'é',
  'e\u0301',
  '\\',
  '</script>',
  'null',
  'NaN',
  '01001',
  '1,5',
  '',
  ' ',
]

/** Texts made of what breaks writers and readers of tables, half surrogates among it. */
export const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...ROUGH), { maxLength: 5 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
