const KB = 1024;
const MB = KB * KB;

/** A file size, formatted the same on both sides and in both languages: whole kilobytes, rounded up; from one megabyte on, with one decimal. */
export const bytes = (n: number): string => (n < MB ? `${Math.ceil(n / KB)} KB` : `${+(n / MB).toFixed(1)} MB`);
