import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Crumbs } from '#components/ui/crumbs.tsx';
import { ErrorNotice } from '#components/ui/error-notice.tsx';
import { PageTitle } from '#components/ui/page-title.tsx';
import { RouterAnchor } from '#components/ui/router-links.tsx';
import { ApiError } from '#lib/api.ts';
import { domainQuery } from '#lib/domain-query.ts';
import { useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import classes from './domain-layout.module.css';
import { NotFoundScreen } from './not-found-screen.tsx';
import { layoutWords } from './words.ts';

const tabs = ['about', 'applications', 'authentication', 'users', 'activity'] as const;

/** Those that the server would answer. */
const tabsFor = (isAdministrator: boolean) => tabs.filter((tab) => isAdministrator || tab === 'users');

/** What the screens of a domain share: its name and the way to the others. The screen has the h1. */
export const DomainLayout = () => {
  const words = useWords(layoutWords);
  const me = useMe();
  const { domainId } = useParams({ from: '/administration/domains/$domainId' });
  const tabBar = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  // On a phone not all of them fit.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is active
  useEffect(() => {
    const active = tabBar.current?.querySelector('[data-status="active"]');
    active?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  const { data: domain, error, refetch } = useQuery(domainQuery(domainId));
  // Another's domain is not found either.
  if (error instanceof ApiError && error.status === 404) return <NotFoundScreen />;
  if (error && !domain) {
    return (
      <>
        <PageTitle title={words.broken} />
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  return (
    <>
      <Crumbs
        links={[
          <RouterAnchor key="domains" to="/domains" size="sm">
            {words.domains}
          </RouterAnchor>,
        ]}
        here={domain?.name ?? '…'}
      />
      <nav className={classes.tabs} aria-label={words.domain.tabs} ref={tabBar}>
        {tabsFor(me.sys_admin).map((tab) => (
          <Link key={tab} className={classes.tab} to={`/domains/$domainId/${tab}`} params={{ domainId }}>
            {words.domain[tab]}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
};
