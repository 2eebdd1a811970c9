import { colourRules } from './colours.ts';
import { PLOT_STYLE } from './plots/plot-style.ts';

/** The style sheet of the page: one column on a phone, two from a laptop on, and paper. */
export const STYLE = `
${colourRules(':root')}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
footer{padding-top:2rem;padding-bottom:3rem;color:var(--soft);font-size:.875rem}
h1,h2,h3,p,dl,figure{margin:0}
h1{font-size:1.75rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:1.375rem;line-height:1.3;font-weight:650;overflow-wrap:anywhere}
h3{font-size:1.0625rem;line-height:1.4;font-weight:650}
a{color:var(--clean);text-underline-offset:.15em}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
h2 code{font-size:1em}
:focus-visible{outline:2px solid var(--clean);outline-offset:3px;border-radius:3px}
.brand{display:flex;justify-content:space-between;gap:1rem;margin-bottom:1rem;color:var(--soft);font-size:.875rem}
.brand strong{color:var(--ink)}
.title{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .75rem}
.pill{display:inline-block;padding:.05rem .6rem;border:1.5px solid currentColor;border-radius:1rem;font-size:.8125rem;font-weight:600;line-height:1.5;white-space:nowrap}
.success{color:var(--good)}
.failure,.error{color:var(--bad)}
.inconclusive{color:var(--open)}
.gate,.overview,.reading{margin-top:2rem;padding-top:2rem;border-top:1px solid var(--rule)}
.lead{max-width:46rem;margin-top:1rem}
.lead p+p,.lead ul{margin:.6rem 0 0}
.figures{display:flex;flex-wrap:wrap;gap:.75rem 2.25rem;margin:1.25rem 0 0}
.figures dt{color:var(--soft);font-size:.8125rem}
.figures dd{margin:0;font-size:1.25rem;line-height:1.3}
.figures dd small{display:block;font-weight:400;color:var(--soft);font-size:.8125rem}
.figures .main dd{font-weight:650}
.parts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:0 3.5rem;margin-top:1rem}
.part{display:grid;grid-row:span 4;grid-template-rows:subgrid;row-gap:0;min-width:0;margin-top:2rem}
.part>*{min-width:0}
.part>p{margin:.25rem 0 1rem;color:var(--ink)}
.wide{grid-column:1/-1}
figure .plot{display:block;width:100%;max-width:36rem;height:auto}
figure .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1rem 2rem}
figcaption{max-width:36rem;margin-top:.5rem;color:var(--soft);font-size:.875rem;line-height:1.45}
details{margin-top:.75rem;font-size:.9375rem}
summary{width:fit-content;color:var(--soft);cursor:pointer}
summary:hover{color:var(--ink)}
.scroll{overflow-x:auto;margin-top:.75rem}
table{border-collapse:collapse;font-size:.9375rem;line-height:1.4}
th,td{padding:.4rem 1.25rem .4rem 0;border-bottom:1px solid var(--rule);vertical-align:top;text-align:left;font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-size:.8125rem;white-space:nowrap;vertical-align:bottom}
tbody th{min-width:8rem}
.number{text-align:right;white-space:nowrap}
.overview table{width:100%}
.note{color:var(--soft);font-size:.875rem}
td small{display:block;color:var(--soft);font-size:.8125rem}
th button{all:unset;position:relative;cursor:pointer;border-radius:2px}
th button:hover{color:var(--ink)}
th button:focus-visible{outline:2px solid var(--clean);outline-offset:3px}
th button::after{content:"\\2195";position:absolute;margin-left:.2em;opacity:0}
thead:hover button::after,th button:focus-visible::after{opacity:.6}
thead th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}
thead th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
.reading .words{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.6rem 2rem;max-width:60rem;margin-top:1rem}
.reading dt{font-weight:600}
.reading dd{margin:0}
.reading h3{margin-top:2rem}
.reading>p{max-width:46rem;margin-top:1rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,16rem),1fr));gap:.75rem 2rem;font-size:.9375rem}
.facts dt{color:var(--soft);font-size:.8125rem}
.facts dd{margin:0}
.facts small{display:block;color:var(--soft);font-size:.75rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.tip{position:fixed;z-index:1;max-width:20rem;margin:0;padding:.3rem .6rem;border-radius:4px;background:var(--ink);color:var(--paper);font-size:.8125rem;line-height:1.4;pointer-events:none}
.mark.current .target,.mark:hover .target{fill:var(--ink);opacity:.07}
.mark.current .dot,.mark:hover .dot{stroke:var(--ink);stroke-width:2.5}
@media (max-width:40rem){
header{padding-top:1.5rem}
h1{font-size:1.5rem}
.figures{gap:.75rem 1.5rem}
.figures dd{font-size:1.125rem}
.reading .words{grid-template-columns:1fr;gap:.15rem}
.reading dd{margin-bottom:.75rem}
}
@media print{
@page{margin:15mm}
html{font-size:10.5pt}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
.parts{grid-template-columns:1fr}
figure .plot{max-width:26rem}
figcaption{max-width:none}
.part,figure,tr,.figures{break-inside:avoid}
h2,h3{break-after:avoid}
.gate,.reading{break-before:page;border-top:0;margin-top:0;padding-top:0}
header+main>.gate:first-child{break-before:auto;margin-top:2rem}
details::details-content{content-visibility:visible}
details{font-size:.8125rem}
summary,.tip,.brand a{display:none}
.scroll{overflow:visible}
.part table{font-size:.8125rem}
th button::after{content:none}
th,td{padding-right:.75rem}
a{color:inherit}
}
${PLOT_STYLE}
`.trim();
