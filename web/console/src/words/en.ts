/** The texts of the shell and of the pages most members open, in one file to load, and the names of all pages. */
export default import.meta.glob<Record<string, string>>(["../../locales/en/*.json", "../made/en/*.json"], {
  eager: true,
  import: "default",
});
