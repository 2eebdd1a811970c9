/**
 * What the page can do beyond being read: sort its tables, and say what a mark of a plot is, by pointer or by arrow keys.
 * Without it nothing is missing from the page: the marks have titles of their own, which it takes over.
 */
export const SCRIPT = `
(() => {
  'use strict';
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const words = new Intl.Collator('en', { numeric: true });
  const compare = (a, b) => {
    if (a.by === null || b.by === null) return (a.by === null) - (b.by === null) || words.compare(a.text, b.text);
    return a.by - b.by;
  };
  const keyOf = (row, column) => {
    const { dataset, textContent } = row.cells[column];
    const by = dataset.by === undefined || dataset.by === '' ? null : Number(dataset.by);
    return { row, by, text: textContent };
  };
  const sort = (table, head) => {
    const direction = head.ariaSort === 'ascending' ? 'descending' : 'ascending';
    for (const other of all('thead th', table)) other.removeAttribute('aria-sort');
    head.ariaSort = direction;
    const body = table.tBodies[0];
    const keys = [...body.rows].map((row) => keyOf(row, head.cellIndex));
    const sign = direction === 'ascending' ? 1 : -1;
    const known = (key) => key.by !== null || keys.every(({ by }) => by === null);
    keys.sort((a, b) => (known(a) && known(b) ? sign * compare(a, b) : compare(a, b)));
    body.append(...keys.map(({ row }) => row));
  };
  for (const table of all('table.sortable')) {
    for (const head of all('thead th', table)) {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      button.addEventListener('click', () => sort(table, head));
      head.append(button);
    }
  }

  const tip = document.createElement('p');
  tip.className = 'tip';
  tip.role = 'status';
  tip.hidden = true;
  document.body.append(tip);
  let current = null;
  const show = (mark, text, x, y) => {
    current?.classList.remove('current');
    current = mark;
    tip.hidden = mark === null;
    if (mark === null) return;
    mark.classList.add('current');
    tip.textContent = text;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x - width / 2, innerWidth - width - 4)) + 'px';
    tip.style.top = (y - height - 12 < 4 ? y + 16 : y - height - 12) + 'px';
  };
  const hide = () => show(null);
  for (const plot of all('.plot')) {
    const marks = all('.mark', plot);
    const texts = marks.map((mark) => {
      const title = mark.querySelector('title');
      title.remove();
      return title.textContent;
    });
    const stepTo = (i) => {
      const { left, width, top } = marks[i].getBoundingClientRect();
      show(marks[i], texts[i], left + width / 2, top);
    };
    plot.tabIndex = 0;
    plot.addEventListener('pointermove', (event) => {
      const mark = event.target.closest('.mark');
      show(mark, texts[marks.indexOf(mark)], event.clientX, event.clientY);
    });
    plot.addEventListener('pointerleave', hide);
    plot.addEventListener('blur', hide);
    plot.addEventListener('keydown', (event) => {
      const at = marks.indexOf(current);
      const last = marks.length - 1;
      const to = {
        ArrowRight: Math.min(at + 1, last),
        ArrowDown: Math.min(at + 1, last),
        ArrowLeft: Math.max(at - 1, 0),
        ArrowUp: Math.max(at - 1, 0),
        Home: 0,
        End: last,
      }[event.key];
      if (event.key === 'Escape') hide();
      if (to === undefined || marks.length === 0) return;
      event.preventDefault();
      stepTo(to);
    });
  }

  let folded = [];
  addEventListener('beforeprint', () => {
    folded = all('details:not([open])');
    for (const details of folded) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false;
  });
})();
`.trim();
