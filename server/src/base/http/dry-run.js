// Hands the answer of a dry run to the window that began it. What the provider sent is data from start to end: it is
// read from an attribute (or, on its way over the console's host, from the fragment) and posted as an object, and
// nothing of it becomes markup.
const { message: own, origin = location.origin } = document.getElementById('dry-run').dataset;
const message = own ?? decodeURIComponent(location.hash.slice(1));
history.replaceState(null, '', location.pathname);
if (message === '') {
  // Opened by hand: nothing was brought along.
} else if (window.opener || origin === location.origin) {
  const data = JSON.parse(message);
  if (window.opener) window.opener.postMessage(data, origin);
  // Some providers cut the tie between the two windows; then the channel of the console's own origin is left.
  if (origin === location.origin) new BroadcastChannel('foyer-dry-run').postMessage(data);
  setTimeout(() => window.close(), 300);
} else {
  // The console is on another host: only a page of that host can speak there. A fragment is sent to no server.
  location.replace(`${origin}/auth/dry-run#${encodeURIComponent(message)}`);
}
