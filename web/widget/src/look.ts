import type { HostOptions } from "./host";

const root = document.documentElement;
let theme: string | undefined;

function applyTheme(): void {
  const is = (q: string) => matchMedia(`(prefers-${q})`).matches;
  root.dataset.theme = theme ?? (is("contrast: more") ? "contrast" : is("color-scheme: dark") ? "dark" : "light");
}

/** Theme follows the system until the page says otherwise; text size and brand colour (checked by the loader or the server) are the page's. */
export function look(o: HostOptions): void {
  if (o.theme !== undefined) theme = /^(light|dark|contrast)$/.test(o.theme) ? o.theme : undefined;
  if (o.color) {
    root.style.setProperty("--brand", o.color);
    root.classList.add("tinted");
  }
  applyTheme();
}

export function followSystem(): void {
  for (const q of ["contrast: more", "color-scheme: dark"]) matchMedia(`(prefers-${q})`).addEventListener("change", applyTheme);
}
