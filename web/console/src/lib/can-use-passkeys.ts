/** Whether this browser has passkeys here: only secure pages do, and only those whose address is a name. */
export const canUsePasskeys = (): boolean =>
  typeof window.PublicKeyCredential === "function" && !/^[\d.]+$|:/.test(location.hostname);
