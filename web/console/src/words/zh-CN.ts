/** The texts of the shell and of the pages most members open, in one file to load. */
export default import.meta.glob<Record<string, string>>(
  [
    "../../locales/zh-CN/*.json",
    "!**/signin.json",
    "!**/shell.json",
    "!**/failure.json",
    "!**/audit.json",
    "!**/account.json",
    "!**/boards.json",
    "!**/botreport.json",
    "!**/curate.json",
    "!**/jobs.json",
    "!**/plans.json",
    "!**/recommendations.json",
    "!**/settings.json",
    "!**/webhooks.json",
  ],
  { eager: true, import: "default" },
);
