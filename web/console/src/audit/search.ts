import { day, searchOf } from "../lib/search-of";
import { beginningOf } from "../lib/zone";

/** What the audit is searched for; days are in the company's time zone. */
export interface AuditSearch {
  person?: string;
  operation?: string;
  object?: string;
  from?: string;
  to?: string;
}

const forms = { person: /\D/, operation: /./, object: /./, from: day, to: day };

export const auditSearch = (search: Record<string, unknown>): AuditSearch => searchOf(forms, search);

/** The same search as the server takes it: the last day is part of it. */
export const asQuery = ({ from, to, ...rest }: AuditSearch, zone: string) => ({
  ...rest,
  ...(from ? { from: beginningOf(from, zone) } : {}),
  ...(to ? { to: beginningOf(to, zone, 1) } : {}),
});
