/**
 * @module The pop-up of a dry run, and its way back. The callback's page posts the parameters to the window that opened
 * it; where the provider's policies cut the tie between the windows, they come over a channel of our own origin, from a
 * page of our own host if the callback is on another one (docs/decisions/0009).
 */
import type { DryRunMessage, DryRunStarted } from '@foyer/contract/dry-runs.ts';

/** Of the channel, and of the window, so that a link opens the very same one. */
export const channelName = 'foyer-dry-run';

const isMessage = (data: unknown): data is DryRunMessage => {
  const message = data as DryRunMessage | null;
  return (
    typeof message === 'object' &&
    message !== null &&
    message.type === 'foyer-dry-run' &&
    typeof message.state === 'string' &&
    typeof message.params === 'object' &&
    message.params !== null
  );
};

/** Opened in the click itself, else browsers block it. `undefined` when they did. */
export const openPopUp = (): Window | undefined => {
  const left = Math.max(0, window.screenX + (window.outerWidth - 560) / 2);
  return window.open('', channelName, `popup,width=560,height=720,left=${left},top=80`) ?? undefined;
};

export interface Waiting {
  /** Called once, with the parameters of the callback. */
  onReturn(params: Record<string, string>): void;
  /** The pop-up is gone, or its provider cut the tie: it may still come back over the channel. */
  onClosed(): void;
}

/**
 * Listens for the way back of one run. Only the origin of the callback is believed, and only with this run's state.
 * @returns what ends the listening
 */
export const waitForReturn = (
  started: Pick<DryRunStarted, 'state' | 'redirect_uri'>,
  popUp: Pick<Window, 'closed'>,
  { onReturn, onClosed }: Waiting,
): (() => void) => {
  const origin = new URL(started.redirect_uri).origin;
  let isOver = false;
  const take = (data: unknown): void => {
    if (isOver || !isMessage(data) || data.state !== started.state) return;
    stop();
    onReturn(data.params);
  };
  const onMessage = (event: MessageEvent): void => {
    if (event.origin === origin) take(event.data);
  };
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = (event) => take(event.data);
  window.addEventListener('message', onMessage);
  let wasClosed = false;
  const timer = setInterval(() => {
    if (!popUp.closed || wasClosed) return;
    wasClosed = true;
    // A page that closes itself after it has spoken is faster than its message.
    setTimeout(() => {
      if (!isOver) onClosed();
    }, 800);
  }, 400);
  const stop = (): void => {
    isOver = true;
    clearInterval(timer);
    channel.close();
    window.removeEventListener('message', onMessage);
  };
  return stop;
};
