/** The texts of the pages that few members open, loaded with the first of them. */
export default import.meta.glob<Record<string, string>>(
  "../../locales/en/{account,announcements,audit,boards,botreport,canned,curate,floor,goods,help,jobs,keys,knowledge,plans,practice,privacy,queues,recommendations,rules,sessions,settings,sso,start,tokens,tour,training,webhooks}.json",
  {
    eager: true,
    import: "default",
  },
);
