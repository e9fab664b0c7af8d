/** The texts of the page for whoever runs the installation. */
export default import.meta.glob<Record<string, string>>("../../locales/en/operator/*.json", {
  eager: true,
  import: "default",
});
