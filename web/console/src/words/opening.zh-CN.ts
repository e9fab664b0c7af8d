/** The texts of the page that opens a company, which few people ever see. */
export default import.meta.glob<Record<string, string>>("../../locales/zh-CN/opening/*.json", {
  eager: true,
  import: "default",
});
