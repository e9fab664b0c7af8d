import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { KeysDialog } from "./keys-dialog";
import { SettingsDialog } from "./settings-dialog";

type Name = "settings" | "keys" | "palette";
interface Dialogs {
  open(name: Name): void;
  current: Name | null;
}

const Context = createContext<Dialogs>({ open() {}, current: null });
export const useDialogs = () => useContext(Context);

/** The palette is loaded with its first opening, or when the browser has nothing to do. */
const loadPalette = () => import("../palette/palette");
type Palette = Awaited<ReturnType<typeof loadPalette>>["Palette"];

/** The dialogs that any page can open. */
export function DialogsProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<Name | null>(null);
  const [Palette, setPalette] = useState<Palette | null>(null);
  const text = useProblemText();
  useEffect(() => {
    const idle = window.requestIdleCallback?.(() => void loadPalette().catch(() => undefined));
    return () => {
      if (idle !== undefined) cancelIdleCallback(idle);
    };
  }, []);
  const open = useCallback(
    (name: Name) => {
      if (name !== "palette") {
        setCurrent(name);
        return;
      }
      loadPalette().then(
        (part) => {
          setPalette(() => part.Palette);
          setCurrent(name);
        },
        () => toast(text("network"), "hot"),
      );
    },
    [text],
  );
  const value = useMemo(() => ({ open, current }), [open, current]);
  const close = () => setCurrent(null);
  return (
    <Context.Provider value={value}>
      {children}
      <SettingsDialog open={current === "settings"} onClose={close} />
      <KeysDialog open={current === "keys"} onClose={close} />
      {Palette && <Palette open={current === "palette"} onClose={close} onDialog={open} />}
    </Context.Provider>
  );
}
