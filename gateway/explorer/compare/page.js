import { html } from 'lit-html'

/** The page. */
export const page = () => ({ title: null, body: html`<p></p>` })
