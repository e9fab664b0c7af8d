import { createContext, useContext, useMemo, useState, type ReactNode } from "react";
import { KeysDialog } from "./keys-dialog";
import { SettingsDialog } from "./settings-dialog";

type Name = "settings" | "keys";
interface Dialogs {
  open(name: Name): void;
  current: Name | null;
}

const Context = createContext<Dialogs>({ open() {}, current: null });
export const useDialogs = () => useContext(Context);

/** The dialogs that any page can open. */
export function DialogsProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<Name | null>(null);
  const value = useMemo(() => ({ open: setCurrent, current }), [current]);
  const close = () => setCurrent(null);
  return (
    <Context.Provider value={value}>
      {children}
      <SettingsDialog open={current === "settings"} onClose={close} />
      <KeysDialog open={current === "keys"} onClose={close} />
    </Context.Provider>
  );
}
