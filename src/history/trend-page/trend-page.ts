import { createHash } from 'node:crypto';

import { webAddress } from '../../report/escape.ts';
import type { GateTrend } from '../trend.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './browser.assets.ts';
import { escapeHtml, scriptJson, shownName } from './escape-html.ts';
import { gateCard } from './gate-card.ts';
import { gateSection } from './gate-section.ts';
import { pageData, type PageData } from './page-data.ts';

/** What the page says besides its numbers. */
export interface PageWishes {
  /** Address of the repository on the web, for links; anything but a web address is left out. */
  readonly repository?: string;
  /** Of this program. */
  readonly version: string;
}

const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Cpath d=%22M1 12l4-6 4 3 6-7%22 fill=%22none%22 stroke=%22%236366f1%22 stroke-width=%222%22/%3E%3C/svg%3E';

/**
 * The trend of every gate as one HTML page that needs nothing else: no server, no network.
 *
 * Whatever a file says is escaped, and the page may load and run nothing but what it holds (its Content-Security-Policy
 * names the hashes of its own script and style).
 */
export function renderTrendPage(trends: readonly GateTrend[], { repository, version }: PageWishes): string {
  const data = withShownNames(pageData(trends, webAddress(repository)?.replace(/\/$/, '')));
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head>${head(data)}</head>`,
    '<body>',
    `<header><h1>${title(data)}</h1><p class="lead">The permutation gap of each commit: what shuffling the reliability scores costs. At or above the dashed threshold the model uses its scores.</p>`,
    ...(data.gates.length > 1 ? [`<ul class="cards">${data.gates.map(gateCard).join('')}</ul>`] : []),
    '</header>',
    '<main>',
    ...data.gates.map((gate, i) => gateSection(gate, i, data.repository)),
    '</main>',
    `<footer>Made by fusion-gate ${escapeHtml(version)}. Drag over a plot to look closer, press it twice to see all, once to hold a commit.</footer>`,
    `<script type="application/json" id="data">${scriptJson(data)}</script>`,
    `<script>${PAGE_SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Names from files, as both the page and its script show them. */
function withShownNames({ repository, gates }: PageData): PageData {
  return {
    repository,
    gates: gates.map((gate) => ({
      ...gate,
      name: shownName(gate.name),
      metric: shownName(gate.metric),
      files: gate.files.map(({ path, sha256 }) => ({ path: shownName(path), sha256 })),
      modalities: gate.modalities.map((modality) => ({ ...modality, name: shownName(modality.name) })),
    })),
  };
}

function head(data: PageData): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(PAGE_SCRIPT)}`,
    `style-src ${hashOf(PAGE_STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title(data).replaceAll(/<[^>]*>/g, '')}</title>`,
    `<link rel="icon" href="${ICON}">`,
    `<style>${PAGE_STYLE}</style>`,
  ].join('\n');
}

function title({ repository }: PageData): string {
  if (repository === null) return 'Do the reliability scores matter?';
  const name = escapeHtml(decodeURIComponent(new URL(repository).pathname.slice(1)));
  return `Do the reliability scores of <a href="${escapeHtml(repository)}">${name}</a> matter?`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
