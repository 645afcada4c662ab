/** Hands a file to the browser to keep. */
export const saveFile = (name: string, content: Blob | string, type = 'text/csv;charset=utf-8'): void => {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser takes its time to begin.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
