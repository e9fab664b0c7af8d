/** The texts of the shell and of the pages most members open, in one file to load. */
export default import.meta.glob<Record<string, string>>("../../locales/en/*.json", { eager: true, import: "default" });
