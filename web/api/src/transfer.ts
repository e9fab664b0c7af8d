/** What is pasted or dropped often comes in several forms at once; this is the only rule for which of them is meant. */

type Transfer = Pick<DataTransfer, "files" | "getData">;
type Dropping = Pick<DragEvent, "dataTransfer" | "target" | "preventDefault">;

const isField = ({ target }: Dropping): boolean => !!(target as Element).closest?.("textarea,input,[contenteditable]");

/**
 * The files that are meant: none if there is also text, as with cells and paragraphs of an office program, which add a picture of themselves. Text that only
 * names the files, or is the address of a picture, does not count.
 */
export function filesOf(transfer: Transfer | null | undefined): File[] {
  const files = [...(transfer?.files ?? [])];
  const read = (type: string) => (transfer?.getData?.(type) ?? "").trim();
  const text = read("text/plain");
  // A file manager names the files: a line for each, with or without its folder.
  const names = files.map(({ name }) => name.normalize());
  const isName = (line: string) => names.includes(line.replace(/^.*[/\\]/, "").normalize());
  return !text || text === read("text/uri-list") || text.split(/[\r\n]+/).every(isName) ? files : [];
}

/** While something is held above an element: whether it has files. What has none is left to fields, in which the browser writes its text. */
export function holdsFiles(event: Dropping): boolean {
  const has = !!event.dataTransfer?.types?.includes("Files");
  if (has || !isField(event)) event.preventDefault();
  return has;
}

/** The files that are dropped. Text dropped on a field is left to the browser; nothing else may replace the page. */
export function dropped(event: Dropping): File[] {
  const files = filesOf(event.dataTransfer);
  if (files.length > 0 || !isField(event)) event.preventDefault();
  return files;
}
