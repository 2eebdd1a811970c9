import { VERDICTS } from '../../../diagnostic/diagnosis.ts';

/** The colours of the style sheet, which has a set for light and one for dark. */
export interface Palette {
  readonly line: string;
  readonly band: string;
  readonly grid: string;
  readonly text: string;
  readonly muted: string;
  readonly surface: string;
  /** By index into `VERDICTS`. */
  readonly verdicts: readonly string[];
  /** Of modalities, one after the other. */
  readonly series: readonly string[];
}

/** Class of the page while it is printed: the style sheet is light then. */
export const PAPER = 'paper';

const SERIES = 6;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    line: colour('line'),
    band: colour('band'),
    grid: colour('grid'),
    text: colour('text'),
    muted: colour('muted'),
    surface: colour('surface'),
    verdicts: VERDICTS.map((verdict) => colour(verdict)),
    series: Array.from({ length: SERIES }, (_, i) => colour(`series-${i + 1}`)),
  };
}
