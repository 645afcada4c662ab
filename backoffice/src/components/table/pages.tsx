import { Group, Pagination, Text } from '@mantine/core';
import { number } from '#lib/dates.ts';
import { useLanguage } from '#lib/language.tsx';
import { useWords } from '#lib/words.ts';
import { tableWords } from './words.ts';

export interface PagesProps {
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
}

/** Which part of how many is shown, and the way to the other parts. */
export const Pages = ({ page, pageSize, total, onPage }: PagesProps) => {
  const words = useWords(tableWords);
  const [language] = useLanguage();
  if (total === 0) return null;
  const count = Math.ceil(total / pageSize);
  const from = (page - 1) * pageSize + 1;
  const shown = [from, Math.min(page * pageSize, total), total].map((each) => number(each, language));
  return (
    <Group justify="space-between" mt="sm" gap="sm">
      <Text size="sm" c="dimmed" role="status">
        {words.range(...(shown as [string, string, string]))}
      </Text>
      {count > 1 && (
        <nav aria-label={words.pages}>
          <Pagination
            total={count}
            value={page}
            onChange={onPage}
            size="sm"
            getItemProps={(each) => ({ 'aria-label': words.page(each) })}
            getControlProps={(control) => ({
              'aria-label': control === 'next' ? words.next : words.previous,
            })}
          />
        </nav>
      )}
    </Group>
  );
};
