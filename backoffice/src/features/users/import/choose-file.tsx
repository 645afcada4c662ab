import { Alert, Anchor, FileInput, Stack, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconFileSpreadsheet } from '@tabler/icons-react';
import { useState } from 'react';
import { Section } from '#components/ui/section.tsx';
import { uiWords } from '#components/ui/words.ts';
import { type ParsedCsv, writeCsv } from '#lib/csv.ts';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { saveFile } from '#lib/save-file.ts';
import { useWords } from '#lib/words.ts';
import { importFields } from './columns.ts';
import { importWords } from './words.ts';

const mostBytes = 20_000_000;

export interface ChooseFileProps {
  text: string;
  parsed: ParsedCsv;
  onText: (text: string) => void;
}

export const ChooseFile = ({ text, parsed, onText }: ChooseFileProps) => {
  const { file: words, intro } = useWords(importWords);
  const common = useWords(uiWords);
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string>();
  const choose = async (chosen: File | null): Promise<void> => {
    setFile(chosen);
    setProblem(undefined);
    if (!chosen) return onText('');
    if (chosen.size > mostBytes) return setProblem(words.tooBig);
    try {
      onText(await chosen.text());
    } catch {
      setProblem(words.unreadable);
    }
  };
  return (
    <Section title={words.title} description={intro}>
      <Stack gap="md" maw="44rem">
        <FileInput
          label={words.choose}
          description={words.chooseHint}
          placeholder={words.placeholder}
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          leftSection={<IconFileSpreadsheet size={18} aria-hidden />}
          value={file}
          onChange={(chosen) => void choose(chosen)}
          error={problem}
          clearable
          clearButtonProps={{ 'aria-label': common.clear }}
        />
        {file === null && (
          <Textarea
            label={words.paste}
            value={text}
            onChange={(event) => onText(event.currentTarget.value)}
            rows={4}
            spellCheck={false}
            placeholder={'email,first name,last name\nada@example.com,Ada,Lovelace'}
          />
        )}
        <Anchor
          component="button"
          type="button"
          size="sm"
          ta="start"
          onClick={() => saveFile('users.csv', writeCsv([importFields]))}
        >
          {words.template}
        </Anchor>
        <div role="status">{text.trim() !== '' && <WhatWasRead parsed={parsed} text={text} />}</div>
      </Stack>
    </Section>
  );
};

const WhatWasRead = ({ parsed, text }: { parsed: ParsedCsv; text: string }) => {
  const { file: words } = useWords(importWords);
  const [language] = useLanguage();
  const rows = parsed.records.length - 1;
  const flaws = [
    ...(rows < 1 ? [words.empty] : []),
    ...(parsed.openQuoteAtLine === undefined ? [] : [words.openQuote(parsed.openQuoteAtLine)]),
    ...(text.includes('\ufffd') ? [words.notUtf8] : []),
  ];
  return (
    <Stack gap="xs">
      {rows > 0 && (
        <Text fw={600}>{words.read(number(rows, language), words.separators[parsed.separator])}</Text>
      )}
      {flaws.map((flaw) => (
        <Alert key={flaw} color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          {flaw}
        </Alert>
      ))}
    </Stack>
  );
};
