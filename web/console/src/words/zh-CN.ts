/** All texts needed after sign-in, in one file to load. */
export default import.meta.glob<Record<string, string>>(
  ["../../locales/zh-CN/*.json", "!**/signin.json", "!**/shell.json", "!**/problem.json"],
  { eager: true, import: "default" },
);
