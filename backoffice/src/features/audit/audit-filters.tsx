import { Button, Select, TextInput } from '@mantine/core';
import { DomainSelect } from '#components/form/domain-select.tsx';
import { PersonSelect } from '#components/form/person-select.tsx';
import { SearchBox } from '#components/table/search-box.tsx';
import { uiWords } from '#components/ui/words.ts';
import { useAddress } from '#lib/address.ts';
import { useLanguage } from '#lib/language.tsx';
import { isPlatformAdmin, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import { actionOptions } from './action-options.ts';
import { actionGroups } from './action-words.ts';
import classes from './audit.module.css';
import { hasFilter, isBackwards, noFilter } from './filter.ts';
import { auditWords } from './words.ts';

/** All that the log can be asked for; every choice is in the address. */
export const AuditFilters = ({ domainId }: { domainId: string | undefined }) => {
  const { filters: words, groups, outcomes } = useWords(auditWords);
  const common = useWords(uiWords);
  const [language] = useLanguage();
  const isPlatform = isPlatformAdmin(useMe());
  const [address, changeAddress] = useAddress();
  const set = (name: string, value: string | null): void =>
    changeAddress({ [name]: value ?? undefined, page: undefined });
  const isGroup = actionGroups.some((each) => each === address.action);
  return (
    <div className={classes.filters}>
      <div className={classes.wide}>
        <SearchBox label={words.textPlaceholder} />
      </div>
      {domainId === undefined && isPlatform && (
        <DomainSelect
          label={words.domain}
          placeholder={words.anyDomain}
          others={[{ value: 'installation', label: words.installation }]}
          value={address.domain ?? null}
          onChange={(value) => set('domain', value)}
        />
      )}
      <Select
        label={words.action}
        placeholder={words.anyAction}
        data={actionOptions(language, groups, isGroup ? undefined : address.action)}
        value={address.action ?? null}
        onChange={(value) => set('action', value)}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': common.clear }}
        maxDropdownHeight={360}
      />
      <Select
        label={words.outcome}
        placeholder={words.anyOutcome}
        data={[
          { value: 'ok', label: outcomes.ok },
          { value: 'denied', label: outcomes.denied },
        ]}
        value={address.outcome ?? null}
        onChange={(value) => set('outcome', value)}
        clearable
        clearButtonProps={{ 'aria-label': common.clear }}
      />
      <PersonSelect
        label={words.actor}
        placeholder={words.anyActor}
        domainId={domainId ?? address.domain}
        value={address.actor ?? null}
        onChange={(value) => set('actor', value)}
      />
      <TextInput
        type="date"
        label={words.since}
        value={address.from ?? ''}
        onChange={(event) => set('from', event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={words.until}
        value={address.until ?? ''}
        error={isBackwards(address) && words.badPeriod}
        onChange={(event) => set('until', event.currentTarget.value)}
      />
      <TextInput
        label={words.target}
        placeholder={words.idHint}
        value={address.target ?? ''}
        onChange={(event) => set('target', event.currentTarget.value.trim())}
      />
      {hasFilter(address) && (
        <Button variant="subtle" onClick={() => changeAddress(noFilter)}>
          {words.clear}
        </Button>
      )}
    </div>
  );
};
