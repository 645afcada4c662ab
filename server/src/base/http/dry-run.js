// Hands the answer of a dry run to the window that began it. What the provider sent is data from start to end: it is
// read from an attribute and posted as an object, and nothing of it becomes markup.
const { message, origin } = document.getElementById('dry-run').dataset;
history.replaceState(null, '', location.pathname);
const data = JSON.parse(message);
if (window.opener) window.opener.postMessage(data, origin);
// Some providers cut the tie between the two windows; then only a console on this very origin can be reached.
if (origin === location.origin) new BroadcastChannel('foyer-dry-run').postMessage(data);
setTimeout(() => window.close(), 300);
