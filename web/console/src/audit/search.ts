import { beginningOf } from "../lib/zone";

/** What the audit is searched for; days are in the company's time zone. */
export interface AuditSearch {
  person?: string;
  operation?: string;
  object?: string;
  from?: string;
  to?: string;
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

export const auditSearch = (search: Record<string, unknown>): AuditSearch => {
  const text = (name: keyof AuditSearch) => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const day = (name: "from" | "to") => {
    const value = text(name);
    return value !== undefined && isDay(value) ? value : undefined;
  };
  const found = {
    person: text("person"),
    operation: text("operation"),
    object: text("object"),
    from: day("from"),
    to: day("to"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};

/** The same search as the server takes it: the last day is part of it. */
export const asQuery = ({ from, to, ...rest }: AuditSearch, zone: string) => ({
  ...rest,
  ...(from ? { from: beginningOf(from, zone) } : {}),
  ...(to ? { to: beginningOf(to, zone, 1) } : {}),
});
