/** A new source: first with what people sign in, then its form. Preset and reserved id are in the address. */
import type { ReservationView, SourceKindName } from '@foyer/contract/source-lifecycle.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { Loading } from '#components/ui/loading.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { useAddress } from '#lib/address.ts';
import { useWords } from '#lib/words.ts';
import { readReservation, reserve } from './api.ts';
import { BackLink } from './back-link.tsx';
import { NewOauthSource } from './new-oauth-source.tsx';
import { NewPlainSource } from './new-plain-source.tsx';
import { type Choice, kindOfChoice, PresetPicker } from './preset-picker.tsx';
import { presetOf } from './presets/presets.ts';
import { presetWords } from './presets/words.ts';
import { sourceWords } from './words.ts';

export const NewSourceScreen = ({ domainId }: { domainId: string }) => {
  const words = useWords(sourceWords);
  const { names } = useWords(presetWords);
  const [{ preset = '', id = '', reservation = '' }] = useAddress();
  const choice = Object.hasOwn(names, preset) ? (preset as Choice) : undefined;
  const isReserved = choice !== undefined && id !== '' && reservation !== '';
  return (
    <>
      <BackLink>
        <RouterAnchor to="/domains/$domainId/authentication" params={{ domainId }} size="sm">
          {words.edit.back}
        </RouterAnchor>
      </BackLink>
      {isReserved ? (
        <ReservedSource domainId={domainId} choice={choice} reserved={{ id, reservation }} />
      ) : (
        <ChooseSource domainId={domainId} />
      )}
    </>
  );
};

const ChooseSource = ({ domainId }: { domainId: string }) => {
  const words = useWords(sourceWords);
  const navigate = useNavigate();
  const [busy, setBusy] = useState<Choice>();
  const [error, setError] = useState<unknown>();
  const choose = async (choice: Choice): Promise<void> => {
    setBusy(choice);
    setError(undefined);
    try {
      const { id, reservation } = await reserve(domainId, kindOfChoice(choice));
      await navigate({
        to: '/domains/$domainId/authentication/new',
        params: { domainId },
        search: { preset: choice, id, reservation },
      });
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <>
      <PageTitle title={words.new.choose} description={words.new.chooseText} />
      {error !== undefined && <ErrorNotice error={error} />}
      <PresetPicker busy={busy} onChoose={(choice) => void choose(choice)} />
    </>
  );
};

interface ReservedSourceProps {
  domainId: string;
  choice: Choice;
  reserved: { id: string; reservation: string };
}

const ReservedSource = ({ domainId, choice, reserved }: ReservedSourceProps) => {
  const words = useWords(sourceWords);
  const { names } = useWords(presetWords);
  const kind: SourceKindName = kindOfChoice(choice);
  const { data, error, refetch } = useQuery<ReservationView>({
    queryKey: ['/sources/reservations', domainId, kind, reserved],
    queryFn: () => readReservation(domainId, kind, reserved),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const title = words.new.titleOf(names[choice]);
  const preset = presetOf(choice);
  if (error) {
    return (
      <>
        <PageTitle title={title} />
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  if (data === undefined) {
    return (
      <>
        <PageTitle title={title} />
        <Loading label={words.new.reserving} />
      </>
    );
  }
  return preset === undefined ? (
    <NewPlainSource reservation={data} title={title} />
  ) : (
    <NewOauthSource preset={preset} reservation={data} title={title} />
  );
};
