/** The texts needed before signing in, and where a page fails. */
export default import.meta.glob<Record<string, string>>("../../locales/zh-CN/{signin,shell,failure}.json", {
  eager: true,
  import: "default",
});
