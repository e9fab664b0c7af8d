/** How long a file's address is kept for the browser to fetch it. */
const kept = 10_000

/** Hands a file to the person. */
export function download(name: string, file: Blob) {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), kept)
}
