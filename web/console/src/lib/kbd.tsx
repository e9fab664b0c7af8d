/** The name of a key as printed on keyboards. */
export function Kbd({ keys }: { keys: string }) {
  return <kbd>{keys}</kbd>;
}
