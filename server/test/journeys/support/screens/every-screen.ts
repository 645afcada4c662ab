import { consoleScreens } from './console-screens.ts';
import { peoplePages } from './people-pages.ts';
import { sourceScreens } from './source-screens.ts';

export const everyScreen = [...consoleScreens, ...sourceScreens, ...peoplePages] as const;
