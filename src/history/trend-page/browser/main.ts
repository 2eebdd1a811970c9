import type { PageData } from '../page-data.ts';
import { showGate } from './gate-view.ts';
import { PAPER } from './palette.ts';

/** Pixels below the window from where a gate is drawn, before it is scrolled to. */
const AHEAD = '400px';

const { repository, gates } = JSON.parse(document.getElementById('data')?.textContent ?? '') as PageData;
const waiting = new Set(document.querySelectorAll<HTMLElement>('section[data-gate]'));
const show = (section: HTMLElement): void => {
  observer.unobserve(section);
  if (waiting.delete(section)) {
    showGate(section, gates[Number(section.dataset.gate)], repository, section.id);
  }
};
const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting && target instanceof HTMLElement) show(target);
    }
  },
  { rootMargin: AHEAD },
);
for (const section of waiting) observer.observe(section);

// Paper is light and has no place that is not yet scrolled to. Plots that are drawn already follow, by listeners of their own.
addEventListener('beforeprint', () => {
  document.documentElement.classList.add(PAPER);
  for (const section of [...waiting]) show(section);
});
addEventListener('afterprint', () => {
  document.documentElement.classList.remove(PAPER);
});
