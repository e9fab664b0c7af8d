/** Providers of mailboxes: their names say nothing about a company. */
const mailboxes =
  /^(gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|me|aol|proton|protonmail|gmx|qq|foxmail|163|126|yeah|sina|sohu|aliyun|139|189)$/;

const longest = 40;
const fits = /^[a-z0-9](?:[a-z0-9-]{0,38})[a-z0-9]$/;

/** Whether a short name can stand in an address: a-z, 0-9 and hyphens inside it, 2 to 40 of them. */
export const isSlug = (text: string): boolean => fits.test(text);

/** The Latin letters and digits of a text as a short name; empty if there are too few. */
function latin(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, longest)
    .replace(/^-|-$/g, "");
  return isSlug(plain) ? plain : "";
}

/** The short name that is suggested for a company: from its name, or else from the domain of its mail. */
export function suggestedSlug(name: string, email: string): string {
  const host = email.slice(email.lastIndexOf("@") + 1).split(".");
  const own = host.find((label) => !/^(mail|www)$/.test(label)) ?? "";
  return latin(name) || (mailboxes.test(own.toLowerCase()) ? "" : latin(own));
}

/** A short name as it is typed: in lower case, with hyphens for blanks. */
export const typedSlug = (text: string): string => text.toLowerCase().replace(/\s/g, "-");
