import { createContext, useCallback, useContext, useMemo, useState, type ComponentType } from "react";
import type { ReactNode } from "react";
import { bring } from "@yingda/api/bring";
import { loadWords } from "../lib/i18n";
import { tellMissing } from "../lib/missing";
import { prefs } from "../lib/prefs";
import { useIdle } from "../lib/use-idle";

interface DialogProps {
  open: boolean;
  onClose(): void;
  onDialog(name: Name): void;
}
type Loaded = ComponentType<DialogProps>;

/** The dialogs that any page can open. Each is loaded with its first opening, or before that, once the page is used. */
const parts = {
  settings: async (): Promise<Loaded> => (await import("./settings-dialog")).SettingsDialog,
  keys: async (): Promise<Loaded> => {
    const [part] = await Promise.all([import("./keys-dialog"), loadWords(prefs.get().language, "later")]);
    return part.KeysDialog;
  },
  palette: async (): Promise<Loaded> => (await import("../palette/palette")).Palette,
};
type Name = keyof typeof parts;
const names = Object.keys(parts) as Name[];
const early = () => {
  for (const name of names) parts[name]().catch(() => undefined);
};

interface Dialogs {
  open(name: Name): void;
  current: Name | null;
}

const Context = createContext<Dialogs>({ open() {}, current: null });
export const useDialogs = () => useContext(Context);

export function DialogsProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<Name | null>(null);
  const [loaded, setLoaded] = useState<Partial<Record<Name, Loaded>>>({});
  useIdle(early);
  const open = useCallback((name: Name) => {
    bring(parts[name]).then((Part) => {
      setLoaded((before) => ({ ...before, [name]: Part }));
      setCurrent(name);
    }, tellMissing);
  }, []);
  const value = useMemo(() => ({ open, current }), [open, current]);
  return (
    <Context.Provider value={value}>
      {children}
      {names.map((name) => {
        const Part = loaded[name];
        return Part && <Part key={name} open={current === name} onClose={() => setCurrent(null)} onDialog={open} />;
      })}
    </Context.Provider>
  );
}
