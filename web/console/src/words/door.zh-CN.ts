/** The texts needed before signing in, and where a page fails. */
export default import.meta.glob<Record<string, string>>("../../locales/zh-CN/door/*.json", {
  eager: true,
  import: "default",
});
