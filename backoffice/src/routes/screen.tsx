import { lazyRouteComponent, useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';

/**
 * A screen as a file of its own, loaded when it is first shown. It gets the names in its address as props, so it can be
 * read without knowing the router: `/domains/$domainId/users/$userId` → `UserScreen({ domainId, userId })`.
 */
export const screen = <Props extends object>(load: () => Promise<ComponentType<Props>>) =>
  lazyRouteComponent(async () => {
    const Screen = await load();
    return {
      Loaded: function Loaded() {
        const params = useParams({ strict: false });
        // Another person's screen is another screen: no state of one may show in the other.
        return <Screen key={JSON.stringify(params)} {...(params as unknown as Props)} />;
      },
    };
  }, 'Loaded');
