/** The form of a day in an address. */
export const day = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** What of an address has the form that is said here, as text: words that look like a number come from it as one. */
export const searchOf = <Name extends string>(
  forms: Record<Name, RegExp>,
  search: Record<string, unknown>,
): Partial<Record<Name, string>> =>
  Object.fromEntries(
    Object.entries<RegExp>(forms).flatMap(([name, form]) => {
      const text = String(search[name] ?? "");
      return form.test(text) ? [[name, text]] : [];
    }),
  ) as Partial<Record<Name, string>>;
