/** A new SAML or LDAP source. */
import type { ReservationView } from '@foyer/contract/source-lifecycle.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { notifyDone } from '#components/ui/notify.ts';
import { PageTitle } from '#components/ui/page-title.tsx';
import { useWords } from '#lib/words.ts';
import { createSource, forgetSource } from './api.ts';
import { newPlainValues, type PlainKind } from './plain/plain-fields.ts';
import { PlainForm } from './plain/plain-form.tsx';
import { SourceAddressList } from './source-address-list.tsx';
import { sourceWords } from './words.ts';

export const NewPlainSource = ({ reservation, title }: { reservation: ReservationView; title: string }) => {
  const words = useWords(sourceWords);
  const client = useQueryClient();
  const navigate = useNavigate();
  const kind = reservation.kind as PlainKind;
  const domainId = reservation.authority_id;
  return (
    <>
      <PageTitle title={title} description={words.edit.comesLater} />
      <PlainForm
        kind={kind}
        initial={newPlainValues(kind, reservation)}
        submitLabel={words.new.saveDraft}
        aside={<SourceAddressList source={reservation} />}
        save={(body) =>
          createSource(kind, {
            ...body,
            id: reservation.id,
            reservation: reservation.reservation,
            authority_id: domainId,
            enabled: false,
          })
        }
        onSaved={async (source) => {
          await forgetSource(client);
          notifyDone(words.new.draftSaved);
          await navigate({
            to: '/domains/$domainId/authentication/$sourceId',
            params: { domainId, sourceId: source.id },
            replace: true,
            ignoreBlocker: true,
          });
        }}
      />
    </>
  );
};
