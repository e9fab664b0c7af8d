/** The texts of the pages that few members open, loaded with the first of them. */
export default import.meta.glob<Record<string, string>>(
  "../../locales/en/{boards,botreport,curate,jobs,plans,recommendations,settings,sso,webhooks}.json",
  {
    eager: true,
    import: "default",
  },
);
