/** Calls back when another page of this browser has changed what is stored under a name; returns how to end that. */
export function follow(name: string, changed: (value: string | null) => void): () => void {
  // Where everything was removed, no name is told.
  const look = ({ key, newValue }: StorageEvent) => {
    if (key === name || key === null) changed(newValue);
  };
  addEventListener("storage", look);
  return () => removeEventListener("storage", look);
}
