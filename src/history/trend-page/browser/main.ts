import type { PageData } from '../page-data.ts';
import { showGate } from './gate-view.ts';

/** Pixels below the window from where a gate is drawn, before it is scrolled to. */
const AHEAD = '400px';

const { repository, gates } = JSON.parse(document.getElementById('data')?.textContent ?? '') as PageData;
const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      observer.unobserve(target);
      showGate(target, gates[Number(target.dataset.gate)], repository, target.id);
    }
  },
  { rootMargin: AHEAD },
);
for (const section of document.querySelectorAll('section[data-gate]')) observer.observe(section);
