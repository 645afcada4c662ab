/**
 * @module Warnings before the secret of a source ends (60, 30, 14, 7, 1 days, and when it has): an audit event, a request
 * to the domain's webhook, a mail to its addresses. Each is given once, whichever node looks first; one that could not be
 * delivered is tried again by later runs, five times in all.
 */
import type { Logger } from 'pino';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { type Clock, unixSeconds } from '#base/lib/clock.ts';
import type { Egress } from '#base/lib/egress/egress.ts';
import type { SendMail } from '#base/lib/mail.ts';
import type { Domain } from '#model/domains/domain.ts';
import { findDomain } from '#model/domains/domain-store.ts';
import {
  type Channel,
  claimWarning,
  type Delivery,
  daysLeft,
  listEndingSecrets,
  noteDelivered,
  takeDeliveries,
  warningStep,
} from '#model/sources/secret-reminders.ts';
import { findSourceName } from '#model/sources/source-test.ts';
import type { Db } from '#model/tables.ts';
import { warningMail } from './warning-mail.ts';

export interface RemindDeps {
  db: Db;
  clock: Clock;
  log: Pick<Logger, 'warn'>;
  egress: Pick<Egress, 'request'>;
  origin: PublicOrigin;
  /** Absent: no mail server is configured. */
  sendMail: SendMail | undefined;
}

/** What a webhook gets, and what the mail is written from. */
export interface Warning {
  type: 'secret.expiring';
  domain: string;
  source: { id: string; name: string };
  field: string;
  days_left: number;
  /** Unix time. */
  expires_at: number;
  console_url: string;
}

/** Answers how many warnings were new. */
export const remindOfSecrets = async (deps: RemindDeps): Promise<number> => {
  const claimed = await claimWarnings(deps);
  for (const delivery of await takeDeliveries(deps.db, deps.clock.now())) await deliver(deps, delivery);
  return claimed;
};

const claimWarnings = async ({ db, clock, sendMail }: RemindDeps): Promise<number> => {
  const now = clock.now();
  let claimed = 0;
  for (const { warned, ...end } of await listEndingSecrets(db, now)) {
    const step = warningStep(end.expiresAt, now);
    if (step === undefined || (warned !== undefined && warned <= step)) continue;
    const domain = await findDomain(db, end.domainId);
    if (!domain) continue;
    const channels = channelsOf(domain, sendMail !== undefined);
    if (await claimWarning(db, end, { step, now, channels })) claimed++;
  }
  return claimed;
};

const channelsOf = (domain: Domain, hasMail: boolean): Channel[] => [
  ...(domain.warningWebhookUrl === '' ? [] : (['webhook'] as const)),
  ...(hasMail && domain.warningEmails.length > 0 ? (['mail'] as const) : []),
];

const deliver = async (deps: RemindDeps, delivery: Delivery): Promise<void> => {
  const domain = await findDomain(deps.db, delivery.domainId);
  const name = await findSourceName(deps.db, delivery.domainId, delivery.sourceId);
  if (!domain || name === undefined) return;
  const warning: Warning = {
    type: 'secret.expiring',
    domain: domain.host,
    source: { id: delivery.sourceId, name },
    field: delivery.field,
    days_left: daysLeft(delivery.expiresAt, deps.clock.now()),
    expires_at: unixSeconds(delivery.expiresAt),
    console_url: `${deps.origin.of(domain.host)}${deps.origin.consolePath}domains/${domain.id}/authentication/${delivery.sourceId}`,
  };
  for (const channel of delivery.channels) {
    try {
      await send[channel](deps, domain, warning);
      await noteDelivered(deps.db, delivery, channel);
    } catch (error) {
      const detail = `${channel} to ${domain.host}, ${delivery.triesLeft} tries left`;
      deps.log.warn({ err: error, task: 'reminders', detail }, 'a warning was not delivered');
    }
  }
};

const send: Readonly<Record<Channel, (deps: RemindDeps, domain: Domain, warning: Warning) => Promise<void>>> =
  {
    // What was taken out of the domain since then is not sent any more.
    async webhook({ egress }, { warningWebhookUrl }, warning) {
      if (warningWebhookUrl === '') return;
      const { status } = await egress.request({
        url: warningWebhookUrl,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(warning),
        accept: 'any',
        step: 'warning',
      });
      if (status < 200 || status > 299) throw new Error(`the webhook answered ${status}`);
    },
    async mail({ sendMail }, { warningEmails }, warning) {
      if (!sendMail || warningEmails.length === 0) return;
      await sendMail({ to: warningEmails, ...warningMail(warning) });
    },
  };
