/** The texts of the shell and of the pages most members open, in one file to load, and the names of all pages. */
export default import.meta.glob<Record<string, string>>(["../../locales/zh-CN/*.json", "../made/zh-CN/*.json"], {
  eager: true,
  import: "default",
});
