import { Button, Radio, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { UnsavedGuard } from '#components/form/unsaved-guard.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { Section } from '#components/ui/section.tsx';
import { parseCsv } from '#lib/csv.ts';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { forgetPeople } from './api.ts';
import { ChooseColumns } from './import/choose-columns.tsx';
import { ChooseFile } from './import/choose-file.tsx';
import { type ColumnChoice, guessColumns } from './import/columns.ts';
import { importOne } from './import/import-one.ts';
import { ImportProgress } from './import/import-progress.tsx';
import { PreviewRows } from './import/preview-rows.tsx';
import { readPeople } from './import/read-people.ts';
import { useImport } from './import/use-import.ts';
import { importWords } from './import/words.ts';

/** From a file to people: the file, its columns, a preview, then the import with its result. */
export const ImportUsersScreen = ({ domainId }: { domainId: string }) => {
  const words = useWords(importWords);
  const [language] = useLanguage();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ColumnChoice>();
  const [whenThere, setWhenThere] = useState<'skip' | 'update'>('skip');
  const { state, start, stop, reset } = useImport();

  // Typing into a large paste must not wait for all of it to be read.
  const readText = useDeferredValue(text);
  const parsed = useMemo(() => parseCsv(readText), [readText]);
  const { records, lines } = parsed;
  const header = useMemo(() => records[0] ?? [], [records]);
  const guessed = useMemo(() => guessColumns(header), [header]);
  const choice = chosen ?? guessed;
  const rows = useMemo(() => readPeople(records.slice(1), lines.slice(1), choice), [records, lines, choice]);
  const good = rows.filter(({ problems }) => problems.length === 0);
  const isReady = rows.length > 0 && choice.includes('email') && parsed.openQuoteAtLine === undefined;

  const isChanged = useRef(false);
  isChanged.current = text !== '' && state.phase !== 'done';

  const begin = async (): Promise<void> => {
    await start(good, (row) => importOne(row, { domainId, whenThere, words: words.run }));
    void forgetPeople(client);
  };
  const again = (): void => {
    setText('');
    setChosen(undefined);
    reset();
  };
  return (
    <>
      <PageTitle title={words.title} />
      <UnsavedGuard form={{ isChanged }} />
      {state.phase === 'ready' ? (
        <>
          <ChooseFile
            text={text}
            parsed={parsed}
            onText={(next) => {
              setText(next);
              setChosen(undefined);
            }}
          />
          {records.length > 1 && (
            <ChooseColumns header={header} sample={records[1] ?? []} choice={choice} onChoice={setChosen} />
          )}
          {isReady && (
            <>
              <PreviewRows rows={rows} />
              <Section title={words.run.title}>
                <Stack gap="lg" align="flex-start">
                  <Radio.Group
                    label={words.whenThere.label}
                    description={words.whenThere.hint}
                    value={whenThere}
                    onChange={(value) => setWhenThere(value as 'skip' | 'update')}
                  >
                    <Stack gap="xs" mt="xs">
                      <Radio value="skip" label={words.whenThere.skip} />
                      <Radio value="update" label={words.whenThere.update} />
                    </Stack>
                  </Radio.Group>
                  <Button disabled={good.length === 0} onClick={() => void begin()}>
                    {words.run.start(number(good.length, language))}
                  </Button>
                </Stack>
              </Section>
            </>
          )}
        </>
      ) : (
        <ImportProgress state={state} domainId={domainId} onStop={stop} onAgain={again} />
      )}
    </>
  );
};
