import { useState, type DragEvent, type PointerEvent, type RefObject } from "react";

/** How near the edge of the page a dragged tile makes it scroll, in pixels. */
const edge = 64;

export type Dragging = ReturnType<typeof useDragging>;

/** Tiles that are dragged to another place, with the mouse, a finger or a pen. */
export function useDragging(
  grid: RefObject<HTMLUListElement | null>,
  saving: boolean,
  move: (from: number, to: number) => void,
) {
  const [dragged, setDragged] = useState<number | null>(null);
  /** The place over which a finger or a pen holds the dragged tile. */
  const [over, setOver] = useState<number | null>(null);

  /** The tile at a point of the window. */
  const placeAt = (x: number, y: number) => {
    const tile = document.elementFromPoint(x, y)?.closest(".board-tile");
    const place = tile && grid.current ? [...grid.current.children].indexOf(tile) : -1;
    return place < 0 ? null : place;
  };
  // Browsers drag and drop by mouse only: a finger or a pen is followed from the handle.
  const onTouch = (event: PointerEvent<HTMLButtonElement>, index: number) => {
    if (event.pointerType === "mouse" || saving) return;
    event.currentTarget.draggable = false;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragged(index);
    setOver(index);
  };
  const onTouchMove = (event: PointerEvent<HTMLButtonElement>) => {
    if (over === null) return;
    const { currentTarget: handle } = event;
    const pane = [handle.closest("[data-pane]"), handle.closest(".page")].find(
      (one) => one && one.scrollHeight > one.clientHeight,
    );
    const box = pane?.getBoundingClientRect();
    // Near an edge, the page scrolls on.
    if (pane && box && event.clientY > box.bottom - edge) pane.scrollTop += edge / 4;
    if (pane && box && event.clientY < box.top + edge) pane.scrollTop -= edge / 4;
    setOver(placeAt(event.clientX, event.clientY) ?? over);
  };
  const onTouchEnd = (event: PointerEvent<HTMLButtonElement>, drops: boolean) => {
    if (over === null) return;
    event.currentTarget.draggable = true;
    setDragged(null);
    setOver(null);
    if (drops && dragged !== null) move(dragged, over);
  };
  const onDrop = (event: DragEvent, index: number) => {
    if (dragged === null) return;
    event.preventDefault();
    setDragged(null);
    move(dragged, index);
  };
  /** Of the handle of a tile. */
  const handle = (index: number, name: string) => ({
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", name);
      setDragged(index);
    },
    onDragEnd: () => setDragged(null),
    onPointerDown: (event: PointerEvent<HTMLButtonElement>) => onTouch(event, index),
    onPointerMove: onTouchMove,
    onPointerUp: (event: PointerEvent<HTMLButtonElement>) => onTouchEnd(event, true),
    onPointerCancel: (event: PointerEvent<HTMLButtonElement>) => onTouchEnd(event, false),
  });
  /** Of a tile, on which another can be dropped. */
  const target = (index: number) => ({
    onDragOver: (event: DragEvent) => dragged !== null && event.preventDefault(),
    onDrop: (event: DragEvent) => onDrop(event, index),
  });
  return { dragged, over, handle, target };
}
