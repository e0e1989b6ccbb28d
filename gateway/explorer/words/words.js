import { state } from '../state.js'
import { EN } from './en.js'
import { FR } from './fr.js'

/** The words of the page, in the language of the address. */
export const words = () => (state.language === 'en' ? EN : FR)

/** A name of the data's own vocabulary (a status, a tier, a cycle…) in the reader's words; the name itself where there is none. @param {Readonly<Record<string, string>>} list @param {string} name */
export const named = (list, name) => list[name] ?? name
