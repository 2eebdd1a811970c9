// A comment as GitHub shows it, near enough for a picture: its Markdown, its style sheet, its charts.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { marked } from 'marked';

import { root } from './bundle.mjs';

const COLOURS = {
  light: { paper: '#ffffff', head: '#f6f8fa', line: '#d1d9e0', ink: '#1f2328', faint: '#59636e' },
  dark: { paper: '#0d1117', head: '#151b23', line: '#3d444d', ink: '#f0f6fc', faint: '#9198a1' },
};
/** The rest is on the pull request. */
const TALLEST = 900;

/** What stands around a comment. */
function frame({ paper, head, line, ink, faint }) {
  return `
body { margin: 0; padding: 16px; width: 912px; background: ${paper}; }
.comment { border: 1px solid ${line}; border-radius: 6px; overflow: hidden; }
.by { padding: 8px 16px; background: ${head}; border-bottom: 1px solid ${line}; color: ${faint}; font-size: 14px; }
.by b { color: ${ink}; }
.by span { border: 1px solid ${line}; border-radius: 1em; padding: 0 6px; font-size: 12px; }
.said { padding: 16px; max-height: ${TALLEST}px; overflow: hidden; mask-image: linear-gradient(#000 90%, transparent); }
.mermaid svg { display: block; margin: auto; }
`;
}

/**
 * @param {string} markdown
 * @param {'light' | 'dark'} scheme
 * @returns {Promise<string>} a page that loads Mermaid from node_modules and sets `drawn` once the charts stand
 */
export async function commentPage(markdown, scheme) {
  const modules = join(root, 'node_modules');
  const style = await readFile(join(modules, `github-markdown-css/github-markdown-${scheme}.css`), 'utf8');
  const html = marked
    .parse(markdown, { gfm: true })
    .replaceAll('<pre><code class="language-mermaid">', '<pre class="mermaid"><code>');
  const mermaid = pathToFileURL(join(modules, 'mermaid/dist/mermaid.min.js')).href;
  return `<!doctype html><meta charset="utf-8"><style>${style}${frame(COLOURS[scheme])}</style>
<body class="markdown-body"><div class="comment"><div class="by"><b>github-actions</b> <span>bot</span> commented</div>
<div class="said">${html}</div></div>
<script src="${mermaid}"></script>
<script>
// Folded charts have no size to be drawn in; that of the history is what the picture is about.
const chart = document.querySelector('details > .mermaid');
chart.parentElement.open = true;
chart.textContent = chart.firstChild.textContent;
mermaid.initialize({ startOnLoad: false, theme: '${scheme === 'dark' ? 'dark' : 'default'}' });
mermaid.run({ nodes: [chart] }).then(() => { window.drawn = true; });
</script></body>`;
}
