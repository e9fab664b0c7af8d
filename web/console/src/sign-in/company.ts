/** The company last signed in to in this browser, and whether it has to be stated: only if the installation has several. */
const keys = { name: "yingda.console.company", several: "yingda.console.companies" } as const;

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
function write(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* storage is full or refused: it is asked for again */
  }
}

export const lastCompany = () => read(keys.name);
export const rememberCompany = (name: string) => write(keys.name, name);
export const hasSeveral = () => read(keys.several) !== "";
export const noteSeveral = () => write(keys.several, "1");
