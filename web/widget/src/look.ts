import type { HostOptions } from "./host";

const root = document.documentElement;
let theme: string | undefined;

function applyTheme(): void {
  const is = (q: string) => matchMedia(`(prefers-${q})`).matches;
  root.dataset.theme = theme ?? (is("contrast: more") ? "contrast" : is("color-scheme: dark") ? "dark" : "light");
}

let color: string | undefined;
let siteColor: string | undefined;

/** The theme follows the system until the page sets one; the brand colour (checked by the loader or the server) is the page's, otherwise the site's. */
export function look(o: HostOptions & { siteColor?: string | undefined }): void {
  if (o.theme !== undefined) theme = /^(light|dark|contrast)$/.test(o.theme) ? o.theme : undefined;
  color = o.color ?? color;
  siteColor = o.siteColor ?? siteColor;
  const brand = color ?? siteColor;
  if (brand) root.style.setProperty("--brand", brand);
  root.classList.toggle("tinted", !!brand);
  applyTheme();
}

export function followSystem(): void {
  for (const q of ["contrast: more", "color-scheme: dark"])
    matchMedia(`(prefers-${q})`).addEventListener("change", applyTheme);
}
