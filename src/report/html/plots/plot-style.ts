/** How a plot looks, in a page as in a file of its own. Its marks name what they are, and this says the colour. */
export const PLOT_STYLE = `
.plot{font:13px/1.2 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;fill:var(--ink)}
.plot .soft{fill:var(--soft)}
.plot .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.plot .strong{font-weight:600}
.plot .grid{stroke:var(--faint)}
.plot .axis{stroke:var(--rule)}
.plot .bar{fill:var(--bar)}
.plot .line{fill:none;stroke-width:2}
.plot .dashed{stroke-dasharray:5 4}
.plot .thin{stroke-width:1.25}
.plot .clean{stroke:var(--clean)}
.plot .second{stroke:var(--second)}
.plot .bound{stroke:var(--bound)}
.plot .quiet{stroke:var(--soft)}
.plot .interval{stroke-width:3;stroke-linecap:round}
.plot text.clean,.plot .dot.clean{fill:var(--clean)}
.plot text.second,.plot .dot.second{fill:var(--second)}
.plot text.bound,.plot .dot.bound{fill:var(--bound)}
.plot text.quiet,.plot .dot.quiet{fill:var(--soft)}
.plot text.clean,.plot text.second,.plot text.bound,.plot text.quiet{stroke:none}
.plot text.halo{stroke:var(--paper)}
.plot .dot{stroke:var(--paper);stroke-width:1.5}
.plot .area{stroke:none}
.plot .area.clean{fill:var(--clean);opacity:.14}
.plot .area.bound{fill:var(--bound);opacity:.1}
.plot .target{fill:transparent}
`.trim();
