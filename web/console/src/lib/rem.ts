/** One rem in pixels, as chosen. */
export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
