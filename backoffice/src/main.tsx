/**
 * @module The console starts: the reader's colours, the sign-in (which may leave the page), then the screens.
 */
import './styles.ts';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SignInRefused } from '#components/layout/sign-in-refused.tsx';
import { LanguageProvider } from '#lib/language.tsx';
import { queryClient } from '#lib/query-client.ts';
import { openSession } from '#lib/session.ts';
import { cssVariables, theme } from '#lib/theme.ts';
import { router } from '#routes/router.tsx';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
// Dialogs lock the page's scrolling with a style element of their own; its library reads this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const colorSchemes = localStorageColorSchemeManager({ key: 'foyer-color-scheme' });
const scheme = colorSchemes.get('auto');
const isDark = scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light';

const refusal = await openSession().catch((error: unknown) => error);

createRoot(document.querySelector('#root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
      getStyleNonce={() => nonce}
    >
      <LanguageProvider>
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-right" />
          {refusal === undefined ? <RouterProvider router={router} /> : <SignInRefused error={refusal} />}
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);
