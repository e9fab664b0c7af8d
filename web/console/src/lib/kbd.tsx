/** The name of a key, as it stands on keyboards. */
export function Kbd({ keys }: { keys: string }) {
  return <kbd>{keys}</kbd>
}
