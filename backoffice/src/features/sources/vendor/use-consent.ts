/** Whether an administrator's consent for this source ended in another window of this browser while the page is open. */
import type { ConsentMessage } from '@foyer/contract/source-lifecycle.ts';
import { useEffect, useState } from 'react';

export const useConsent = (state: string | undefined): boolean => {
  const [given, setGiven] = useState<string>();
  useEffect(() => {
    if (state === undefined) return;
    const channel = new BroadcastChannel('foyer-consent');
    channel.onmessage = ({ data }: MessageEvent<ConsentMessage | null>) => {
      if (data?.type === 'foyer-consent' && data.state === state) setGiven(state);
    };
    return () => channel.close();
  }, [state]);
  return state !== undefined && given === state;
};
