/**
 * What each colour is for, on light paper and on dark. Text and lines that carry meaning have a contrast of 4.5 to 1 or
 * more against `paper` and against `card`; a test holds them to that.
 */
export const COLOURS = {
  paper: ['#ffffff', '#14171c'],
  /** Behind what stands apart from the page. */
  card: ['#f5f6f8', '#1d2128'],
  ink: ['#1c2128', '#e7eaee'],
  /** Words of the second rank: axes, notes. */
  soft: ['#56606c', '#a4aeba'],
  rule: ['#d5dae0', '#363d47'],
  /** Bars, bands and grid behind what matters; no text. */
  bar: ['#b9c2cd', '#566170'],
  faint: ['#e6e9ed', '#2a303a'],
  /** The scores as given. */
  clean: ['#0b5cad', '#7cb7ff'],
  /** The threshold. */
  bound: ['#b3361b', '#ff9b80'],
  /** The corruption control, and what else stands beside Clean-Q. */
  second: ['#6a3fa0', '#c3a3f5'],
  good: ['#1a6b34', '#6fd18b'],
  bad: ['#b01f2e', '#ff8f94'],
  open: ['#7a5200', '#e5b454'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

const [LIGHT, DARK] = [0, 1] as const;

/** The colours as custom properties: light, dark where the reader prefers it, and light on paper. */
export function colourRules(selector: string): string {
  return [
    `${selector}{color-scheme:light dark;${properties(LIGHT)}}`,
    `@media screen and (prefers-color-scheme:dark){${selector}{${properties(DARK)}}}`,
  ].join('\n');
}

function properties(theme: 0 | 1): string {
  return Object.entries(COLOURS)
    .map(([name, colours]) => `--${name}:${colours[theme]}`)
    .join(';');
}
