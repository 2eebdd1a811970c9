import { existsSync } from 'node:fs';

/** Where systems put a Chromium, and what the user says. */
const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The path of a Chromium to test pages in; undefined where there is none. */
export const chromiumPath = PLACES.find((path) => path !== undefined && existsSync(path));

/** For the name of a suite that is skipped. */
export const whyNoBrowser =
  chromiumPath === undefined
    ? ' (skipped: no Chromium here; install the package "chromium", or name one in CHROMIUM)'
    : '';
