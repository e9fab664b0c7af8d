/** The texts of the page for whoever runs the installation. */
export default import.meta.glob<Record<string, string>>("../../locales/zh-CN/operator/*.json", {
  eager: true,
  import: "default",
});
