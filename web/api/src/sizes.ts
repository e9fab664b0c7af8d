const KB = 1024;
const MB = KB * KB;

/** How large a file is, the same on both sides and in both languages: whole kilobytes, rounded up; from a megabyte on with one decimal. */
export const bytes = (n: number): string => (n < MB ? `${Math.ceil(n / KB)} KB` : `${+(n / MB).toFixed(1)} MB`);
