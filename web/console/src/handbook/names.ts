/** The chapters of the handbook. */
export const chapters = ["customer", "agent", "manager", "administrator"] as const;
export type Chapter = (typeof chapters)[number];
