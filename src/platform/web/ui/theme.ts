import { Combobox, createTheme, type MantineColorsTuple, type MantineTheme, Menu, Popover } from '@mantine/core'

// The kit wears our tokens: nobody should guess which kit it is. Sizes and colours live in look/tokens.css.

const token = (name: string) => `var(--${name})`
const ten = (...shades: string[]): MantineColorsTuple =>
  Array.from({ length: 10 }, (_, at) => shades[Math.min(at, shades.length - 1)]!) as unknown as MantineColorsTuple

export const theme = createTheme({
  fontFamily: token('body'),
  fontFamilyMonospace: 'ui-monospace, "Liberation Mono", monospace',
  headings: { fontFamily: token('serif'), fontWeight: '600' },
  fontSizes: { xs: token('t14'), sm: token('t16'), md: token('t17'), lg: token('t19'), xl: token('t22') },
  // Be Vietnam Pro clips stacked marks (Ệ, Ặ, Ỡ) below 1.61.
  lineHeights: { xs: '1.65', sm: '1.65', md: '1.65', lg: '1.65', xl: '1.65' },
  defaultRadius: 4,
  radius: { xs: '4px', sm: '4px', md: '4px', lg: '4px', xl: '4px' },
  primaryColor: 'son',
  primaryShade: 6,
  black: '#221d17',
  white: '#fffdf8',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  colors: {
    son: ten(
      '#f8e9e4',
      '#f0d3cb',
      '#e0a79d',
      '#cd7a70',
      '#b8443a',
      '#a02c27',
      '#8f1d1a',
      '#761613',
      '#5e110f',
      '#470c0a',
    ),
    // The kit's own dark greys are bluish; these are the lacquer's.
    dark: ten(
      '#f1eadf',
      '#d8cdbd',
      '#bfb3a2',
      '#8a7f70',
      '#564c41',
      '#38312a',
      '#201c18',
      '#171411',
      '#120f0d',
      '#0c0a08',
    ),
    gray: ten(
      '#faf7f0',
      '#f3ede0',
      '#e4dccb',
      '#cfc3ab',
      '#a09076',
      '#8d8171',
      '#6f6455',
      '#5d5347',
      '#3b342b',
      '#221d17',
    ),
  },
  components: {
    // Inside their place and fixed: our dialogs are the browser's own, above everything that hangs on the body.
    Popover: Popover.extend({
      defaultProps: {
        withinPortal: false,
        floatingStrategy: 'fixed',
        shadow: 'none',
        transitionProps: { duration: 0 },
      },
    }),
    Combobox: Combobox.extend({ defaultProps: { withinPortal: false, floatingStrategy: 'fixed' } }),
    Menu: Menu.extend({
      defaultProps: { withinPortal: false, shadow: 'none', transitionProps: { duration: 0 }, width: 260 },
    }),
  },
})

export const cssVariablesResolver = (_: MantineTheme) => {
  const ours = {
    '--mantine-color-body': token('paper'),
    '--mantine-color-text': token('ink'),
    '--mantine-color-bright': token('ink'),
    '--mantine-color-dimmed': token('ink-2'),
    '--mantine-color-placeholder': token('ink-2'),
    '--mantine-color-error': token('lost'),
    '--mantine-color-anchor': token('ink'),
    '--mantine-color-default': token('card'),
    '--mantine-color-default-hover': token('well'),
    '--mantine-color-default-color': token('ink'),
    '--mantine-color-default-border': token('line-2'),
    '--mantine-color-disabled': token('well'),
    '--mantine-color-disabled-color': token('ink-2'),
    '--mantine-color-son-filled': token('son'),
    '--mantine-color-son-filled-hover': token('son-press'),
    '--mantine-color-son-light-color': token('ink'),
    '--mantine-primary-color-filled': token('son'),
    '--mantine-primary-color-contrast': token('on-son'),
  }
  return {
    variables: { '--mantine-line-height': '1.65', '--mantine-heading-line-height': '1.35' },
    light: ours,
    dark: ours,
  }
}
