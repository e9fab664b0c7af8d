/** The texts of the pages that few members open, loaded with the first of them. */
export default import.meta.glob<Record<string, string>>(
  "../../locales/zh-CN/{account,audit,boards,botreport,curate,jobs,plans,recommendations,settings,webhooks}.json",
  {
    eager: true,
    import: "default",
  },
);
