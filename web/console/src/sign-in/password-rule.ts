const shortest = 10;
const longestBytes = 256;

/** Why a password cannot be chosen, as far as a page can tell. */
export function passwordFault(password: string): "password_too_short" | "password_too_long" | null {
  if ([...password].length < shortest) return "password_too_short";
  return new TextEncoder().encode(password).length > longestBytes ? "password_too_long" : null;
}
