/** @type {() => void} */
let draw = () => {}
let isPlanned = false

/** @param {() => void} how draws the page anew from what is known */
export const drawWith = (how) => void (draw = how)

/** Draws the page anew, once, after all that is happening now. */
export function redraw() {
  if (isPlanned) return
  isPlanned = true
  queueMicrotask(() => {
    isPlanned = false
    draw()
  })
}
