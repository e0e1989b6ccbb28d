import { html } from 'lit-html'
import { SAID } from '../words/said.js'
import { state } from '../state.js'

/**
 * A sentence of the data itself, which is written in English: in the reader's language where its French is known, else marked as English.
 * @param {string} text
 */
export function said(text) {
  if (state.language === 'en') return text
  return SAID[text] ?? html`<span lang="en">${text}</span>`
}
