/** The look of Foyer's own pages (foyer.css of the server), for Mantine. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef3ff',
  '#dbe6ff',
  '#b5cbff',
  '#8ab0ff',
  '#6391f2',
  '#4375e0',
  '#2457c5',
  '#1c469f',
  '#173a84',
  '#122d67',
];
const ink: MantineColorsTuple = [
  '#f8f9fb',
  '#f3f5f8',
  '#e8ecf2',
  '#d7dde6',
  '#bcc5d2',
  '#6b7687',
  '#566174',
  '#434e60',
  '#2c3646',
  '#17202e',
];
const night: MantineColorsTuple = [
  '#e8ecf2',
  '#c9d1dc',
  '#a3aebe',
  '#8e9bad',
  '#3a4658',
  '#2c3645',
  '#212a37',
  '#19202b',
  '#10151d',
  '#0b0f15',
];

const red: MantineColorsTuple = [
  '#fdf0ef',
  '#fadfdd',
  '#efc4c0',
  '#ffb0a8',
  '#f2847a',
  '#d9534a',
  '#a4231c',
  '#861b15',
  '#6a1510',
  '#4d0f0b',
];

/** Mantine judges by the light scheme's shade alone; in the dark one, what is filled is pale. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const isWhiteOnFilled = input.variant === 'filled' && colors.color.includes('white');
  return isWhiteOnFilled ? { ...colors, color: 'var(--console-on-filled)' } : colors;
};

/** The list itself scrolls: a box around it would be a place that the keyboard does not get to. */
const list = {
  defaultProps: { withScrollArea: false },
  styles: { options: { maxHeight: '15rem', overflowY: 'auto' } },
} as const;

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  autoContrast: true,
  variantColorResolver,
  colors: { accent, red, gray: ink, dark: night },
  black: '#17202e',
  defaultRadius: 8,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.9rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  components: {
    // Mantine draws the title of a dialog in a <header>, which outside of <main> would be the page's banner once more.
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    // What drops down belongs to the content of the page, for those who go from landmark to landmark.
    Popover: { defaultProps: { portalProps: { target: '#content' } } },
    // The first item gets the focus, not an empty element that no menu may have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Select: list,
    TagsInput: list,
  },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
});

/** For what cannot be undone, in menus: their own red is the light scheme's in both. */
export const dangerColor = 'var(--mantine-color-error)';

const shade = (color: string, index: number): string => `var(--mantine-color-${color}-${index})`;

/** Shades that Mantine would take from the wrong end of our short ways from light to dark. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-error': shade('red', 6),
    '--mantine-color-accent-light-color': shade('accent', 7),
    '--mantine-color-red-light-color': shade('red', 6),
    '--mantine-color-red-light': shade('red', 0),
    '--mantine-color-yellow-light': '#fff6e5',
    '--mantine-color-yellow-light-color': '#7a4b00',
    '--mantine-color-accent-light': shade('accent', 0),
  },
  dark: {
    '--mantine-color-error': shade('red', 3),
    '--mantine-color-anchor': shade('accent', 3),
    '--mantine-color-accent-outline': shade('accent', 3),
    '--mantine-color-accent-light-color': shade('accent', 3),
    '--mantine-color-accent-text': shade('accent', 3),
    '--mantine-color-red-outline': shade('red', 3),
    '--mantine-color-red-light-color': shade('red', 3),
    '--mantine-color-red-light': '#371b1b',
    '--mantine-color-yellow-light': '#33260f',
    '--mantine-color-yellow-light-color': '#ffd08a',
    '--mantine-color-red-text': shade('red', 3),
  },
});
