import { Lexer, Source, TokenKind } from 'graphql'
import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'
import { textTooLong } from './text.ts'

/**
 * Counts the words and signs of a document without parsing it. A text that is no GraphQL passes: the parser says what is
 * wrong with it, after at most as many tokens. @throws StratesError TOO_MANY_TOKENS, TEXT_TOO_LONG.
 */
export function guardTokens(text: string, { tokens: limit, textLength }: Limits): void {
  let found = 0
  for (const length of tokenLengths(text)) {
    found += 1
    if (length > textLength) throw textTooLong(length, textLength)
  }
  if (found <= limit) return
  throw overLimit({
    code: 'TOO_MANY_TOKENS',
    what: 'The document is too long',
    limit,
    found,
    unit: 'tokens',
    remedy: 'Ask in several requests; put what repeats into a fragment.',
  })
}

function* tokenLengths(text: string): Generator<number> {
  const lexer = new Lexer(new Source(text))
  while (true) {
    const token = advance(lexer)
    if (token === null || token.kind === TokenKind.EOF) return
    yield token.end - token.start
  }
}

function advance(lexer: Lexer) {
  try {
    return lexer.advance()
  } catch {
    return null
  }
}
