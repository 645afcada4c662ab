// Tells the console, if it waits in another window of this browser, that consent was given.
const { message } = document.getElementById('consent').dataset;
history.replaceState(null, '', location.pathname);
new BroadcastChannel('foyer-consent').postMessage(JSON.parse(message));
