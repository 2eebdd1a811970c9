import type { RunReport } from '../gate-report.ts';
import { answer } from '../sections/headline.ts';
import { SCRIPT_HASH, STYLE_HASH } from './content-security.ts';
import { type Markup, markup, ownMarkup, sentence } from './markup.ts';
import { SCRIPT } from './script.ts';
import { gateSection } from './sections/gate.ts';
import { howToRead } from './sections/how-to-read.ts';
import { overview } from './sections/overview.ts';
import { endingPill } from './sections/verdict-pill.ts';
import { STYLE } from './style.ts';

/** Nothing but the style and the script of this page, letter by letter: not from elsewhere, and not from a name in it. */
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;

/**
 * The report as a page of its own: it asks for no other file and no network, and shows everything without its script. The
 * same report gives the same bytes.
 */
export function renderHtml(report: RunReport): string {
  const words = answer(report);
  const title = `${words[0].toUpperCase()}${words.slice(1)}`;
  const { source } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${ownMarkup(POLICY)}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>fusion-gate: ${words}</title>
<style>${ownMarkup(STYLE)}</style>
</head>
<body>
<header>
<p class="brand"><span><strong>fusion-gate</strong> ${report.tool.version}</span><a href="#how-to-read">How to read this</a></p>
<div class="title"><h1>${title}</h1>${endingPill(report.conclusion)}</div>
</header>
<main>
${whatIsWrong(report)}
${overview(report.gates)}
${report.gates.map((gate, i) => markup`${gateSection(gate, i + 1, report.tool.version)}\n`)}
${howToRead()}
</main>
<footer>Written by fusion-gate ${report.tool.version}. The numbers of this page, and some more, are in the JSON report of the same run.</footer>
<script>${ownMarkup(SCRIPT)}</script>
</body>
</html>
`;
  return source;
}

/** What a run without gates has to say. */
function whatIsWrong({ error = '' }: RunReport): Markup | null {
  const lines = error.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return null;
  return markup`<section class="lead"><h2>What is wrong</h2><ul>${lines.map((line) => markup`<li>${sentence(line)}</li>`)}</ul></section>`;
}
