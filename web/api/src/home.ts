/**
 * Where the pages of the company are found below their origin: empty for the company at the root or with a host name of its own, `/o/` and its short name for
 * any other; for the console of those who practise, `/practice` after that. Whatever a page asks of the server, and each of its links, is below it; only files
 * that are the same for all companies are not.
 */
export const home = location.pathname.replace(/^((?:\/o\/[^/]+)?(?:\/practice(?=\/console))?).*/, "$1");

/** An address of the company's own, such as `/goods`, as browsers have to be given it. */
export const atHome = (address: string): string => (/^\/(?!\/)/.test(address) ? home + address : address);

/** The path of a page without what names the company; nothing if the page is not the company's. */
export function within(path: string): string | undefined {
  if (path !== home && !path.startsWith(`${home}/`)) return undefined;
  return path.slice(home.length) || "/";
}
