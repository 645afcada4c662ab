/** Where the server serves this console, with a slash at both ends. Vite's own server leaves the placeholder as it is. */
const told = document.querySelector<HTMLMetaElement>('meta[name="console-path"]')?.content ?? '';

export const consolePath = told.startsWith('/') ? told : '/backoffice/';
