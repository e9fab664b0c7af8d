/** Whether nothing may move: the person, or their system, prefers that. */
export const isStill = () =>
  document.documentElement.hasAttribute("data-calm") || matchMedia("(prefers-reduced-motion: reduce)").matches;
