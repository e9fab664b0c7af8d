/** All texts needed after sign-in, in one file to load. */
export default import.meta.glob<Record<string, string>>(
  ["../../locales/en/*.json", "!**/signin.json", "!**/shell.json", "!**/problem.json"],
  { eager: true, import: "default" },
);
