/** How long a file's URL is kept for the browser to fetch it, in milliseconds. */
const kept = 10_000;

/** Offers a file as a download. */
export function download(name: string, file: Blob) {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), kept);
}
