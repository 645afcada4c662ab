/** Checks while typing: a moment after the last key, and with the network when an address was left or on demand. */
import type { SourceCheck } from '@foyer/contract/dry-runs.ts';
import { useEffect, useRef, useState } from 'react';
import { checkDraft, type DraftTarget } from '../api.ts';
import type { OauthBody } from '../draft.ts';

export interface Checks {
  checks: readonly SourceCheck[];
  /** Whether the administrator asked: then empty fields are judged too. */
  asked: boolean;
  busy: boolean;
  error: unknown;
  /** Asks the hosts as well: reachable, certificate, clock. */
  checkNetwork(): void;
  /** The same without saying so when it fails: when an address was left. */
  checkQuietly(): void;
}

const pauseMs = 500;
const noChecks: readonly SourceCheck[] = [];

export const useChecks = (target: DraftTarget | undefined, body: OauthBody): Checks => {
  const [plain, setPlain] = useState(noChecks);
  /** Of the last look at the network, for the addresses as they were then. */
  const [network, setNetwork] = useState<{ of: string; checks: readonly SourceCheck[] }>();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const last = useRef('');

  const text = JSON.stringify(body);
  const addresses = JSON.stringify([
    body.site,
    body.authorize_url,
    body.token_url,
    body.raw_info_url,
    body.issuer,
  ]);
  const { domainId, sourceId, reservation } = target ?? {};

  useEffect(() => {
    if (domainId === undefined || sourceId === undefined) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const draft = JSON.parse(text) as OauthBody;
      checkDraft({ domainId, sourceId, reservation }, draft, false, abort.signal).then(setPlain, () => {
        // Checks help; that they cannot be had is no news while one types.
      });
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, domainId, sourceId, reservation]);

  const ask = (isLoud: boolean): void => {
    if (target === undefined || busy || (!isLoud && last.current === addresses)) return;
    last.current = addresses;
    setBusy(true);
    setError(undefined);
    if (isLoud) setAsked(true);
    checkDraft(target, body, true)
      .then(
        (checks) => setNetwork({ of: addresses, checks }),
        (refusal) => {
          if (isLoud) setError(refusal);
        },
      )
      .finally(() => setBusy(false));
  };

  const known = new Set(plain.map(({ field, code }) => `${field} ${code}`));
  const fromNetwork =
    network?.of === addresses
      ? network.checks.filter(({ field, code }) => isOfNetwork(code) && !known.has(`${field} ${code}`))
      : [];
  return {
    checks: [...plain, ...fromNetwork],
    asked,
    busy,
    error,
    checkNetwork: () => ask(true),
    checkQuietly: () => ask(false),
  };
};

/** What only a look at the hosts can find; everything else is judged anew with each key. */
const networkCodes = /^(host_|clock_|discovery_|certificate_|tls_|network_|unreachable)/;
const isOfNetwork = (code: string): boolean => networkCodes.test(code);
