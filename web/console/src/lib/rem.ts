/** The size of one rem in pixels, at the chosen text size. */
export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
