import { dropped, holdsFiles } from "@yingda/api/transfer";
import { useState, type DragEvent } from "react";

/** Files that are dropped on an element, and whether some are being held above it. */
export function useDrop(onFiles: (files: readonly File[]) => void) {
  const [over, setOver] = useState(false);
  const target = {
    onDragOver: (event: DragEvent) => setOver(holdsFiles(event)),
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      const files = dropped(event);
      if (files.length > 0) onFiles(files);
    },
  };
  return { over, target };
}
