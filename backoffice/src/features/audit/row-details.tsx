import type { AuditView } from '@foyer/contract/audit.ts';
import { Anchor, Code } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { useAddress } from '#lib/address.ts';
import { exactDateTime } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import classes from './audit.module.css';
import { fieldText, reasonText } from './tell.ts';
import { auditWords } from './words.ts';

/** A row that opens: the sentence, and below it all that the log knows. */
export const RowDetails = ({ row, children }: { row: AuditView; children: ReactNode }) => (
  <details className={classes.details}>
    <summary>{children}</summary>
    <Known row={row} />
  </details>
);

const Known = ({ row }: { row: AuditView }) => {
  const { labels: words, ...all } = useWords(auditWords);
  const [language] = useLanguage();
  const { actor, detail } = row;
  return (
    <Facts>
      <Fact label={words.time}>{exactDateTime(row.at, language)}</Fact>
      <Fact label={words.action}>
        <Code>{row.action}</Code> · {row.outcome === 'ok' ? all.outcomes.ok : all.outcomes.denied}
      </Fact>
      {row.reason !== undefined && (
        <Fact label={words.reason}>
          {reasonText(row.reason, language)} <Code>{row.reason}</Code>
        </Fact>
      )}
      {row.fields.length > 0 && (
        <Fact label={all.fields}>{row.fields.map((field) => fieldText(field, language)).join(', ')}</Fact>
      )}
      {actor.id !== undefined && (
        <Thing label={words.actor} name={actor.name} id={actor.id} filter="actor" only={all.onlyThisActor} />
      )}
      {row.target !== undefined && (
        <Thing
          label={words.target}
          name={row.target_name}
          id={row.target}
          filter="target"
          only={all.onlyThisTarget}
        />
      )}
      {row.source_id !== undefined && (
        <Thing
          label={words.source}
          name={row.source_name}
          id={row.source_id}
          filter="source"
          only={all.onlyThisTarget}
        />
      )}
      {row.application_id !== undefined && (
        <Fact label={words.application}>
          {[row.application_name, row.application_id].filter(Boolean).join(' · ')}
        </Fact>
      )}
      {row.ip !== undefined && <Fact label={words.ip}>{row.ip}</Fact>}
      {row.user_agent !== undefined && <Fact label={words.userAgent}>{row.user_agent}</Fact>}
      {row.request_id !== undefined && (
        <Fact label={words.request}>
          <CopyField bare label={words.request} value={row.request_id} />
        </Fact>
      )}
      {Object.keys(detail).length > 0 && (
        <Fact label={all.detail}>
          <pre className={classes.json}>
            <code>{JSON.stringify(detail, undefined, 2)}</code>
          </pre>
        </Fact>
      )}
    </Facts>
  );
};

interface ThingProps {
  label: string;
  name: string | undefined;
  id: string;
  /** Name of the filter in the address. */
  filter: string;
  only: string;
}

const Thing = ({ label, name, id, filter, only }: ThingProps) => {
  const [address, changeAddress] = useAddress();
  return (
    <Fact label={label}>
      {name !== undefined && <div>{name}</div>}
      <CopyField bare label={label} value={id} />
      {address[filter] !== id && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => changeAddress({ [filter]: id, page: undefined })}
        >
          {only}
        </Anchor>
      )}
    </Fact>
  );
};
