/** What was typed to open a company; it stays when another code is sent. */
export interface Draft {
  email: string;
  name: string;
  /** Null while it is the suggested one. */
  slug: string | null;
}
