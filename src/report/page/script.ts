/**
 * The page's own script. The page is whole without it; it adds sorting by a click on a head, tabs in place of folds,
 * tooltips on marks, a cross-hair that reads the row of a chart's table under the pointer, and the downloads.
 * It writes text only as text (`textContent`), never as markup.
 */
export const SCRIPT = `
'use strict';
(() => {
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

for (const table of all('table[data-sortable]')) {
  const heads = all('thead th', table);
  const body = table.tBodies[0];
  if (body.rows.length < 2) continue;
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const key = (row) => row.cells[column].dataset.sort;
      const numeric = head.classList.contains('num');
      const compare = (a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === '' || y === '') return (x === '') - (y === '');
        return (up ? 1 : -1) * (numeric ? x - y : x.localeCompare(y));
      };
      body.append(...[...body.rows].sort(compare));
    });
  });
}

for (const group of all('.tabs')) {
  const parts = all('.part', group);
  if (parts.length < 2) continue;
  const list = document.createElement('div');
  list.setAttribute('role', 'tablist');
  const tabs = parts.map((part, index) => {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.setAttribute('role', 'tab');
    tab.append(...[...part.querySelector('summary').childNodes].map((node) => node.cloneNode(true)));
    part.id = 'part-' + index;
    part.setAttribute('role', 'tabpanel');
    tab.setAttribute('aria-controls', part.id);
    tab.addEventListener('click', () => show(index));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) show((index + step + parts.length) % parts.length).focus();
    });
    return tab;
  });
  const show = (chosen) => {
    parts.forEach((part, index) => (part.open = index === chosen));
    tabs.forEach((tab, index) => {
      tab.setAttribute('aria-selected', index === chosen);
      tab.tabIndex = index === chosen ? 0 : -1;
    });
    return tabs[chosen];
  };
  list.append(...tabs);
  group.prepend(list);
  group.classList.add('tabbed');
  show(0);
  addEventListener('beforeprint', () => parts.forEach((part) => (part.open = true)));
  addEventListener('afterprint', () => show(0));
}

const tip = document.createElement('div');
tip.className = 'tip';
tip.hidden = true;
document.body.append(tip);
const tell = (text, event) => {
  tip.textContent = text;
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const right = event.clientX + 18;
  const isRight = right + width + 4 <= innerWidth;
  const left = isRight ? right : event.clientX - 18 - width;
  const isBeside = isRight || left >= 4;
  // Beside the spot, or where a narrow screen has no room for that, above or below it; never on it.
  const [above, below] = isBeside
    ? [innerHeight - height - 4, event.clientY - height / 2]
    : [event.clientY - height - 24, event.clientY + 28];
  tip.style.left = (isBeside ? left : Math.max(4, Math.min(left, innerWidth - width - 4))) + 'px';
  tip.style.top = Math.max(4, below + height + 4 > innerHeight ? above : below) + 'px';
};

for (const svg of all('figure > svg')) {
  const [left, top, width, height] = svg.dataset.plot.split(' ').map(Number);
  const figure = svg.parentNode;
  const rows = all('tr[data-at]', figure);
  const names = all('thead th', figure).map((head) => head.textContent);
  const hair = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  hair.setAttribute('stroke', 'var(--muted)');
  svg.append(hair);
  const hide = () => {
    tip.hidden = true;
    hair.setAttribute('d', '');
  };
  svg.addEventListener('pointerleave', hide);
  svg.addEventListener('pointermove', (event) => {
    const mark = event.target.closest('[aria-label]');
    if (mark && mark !== svg) return tell(mark.getAttribute('aria-label'), event);
    hide();
    if (!rows.length) return;
    const box = svg.getBoundingClientRect();
    const at = (((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width - left) / width;
    if (at < -0.02 || at > 1.02) return;
    const row = rows.reduce((a, b) => (Math.abs(b.dataset.at - at) < Math.abs(a.dataset.at - at) ? b : a));
    hair.setAttribute('d', 'M' + (left + row.dataset.at * width) + ' ' + top + 'v' + height);
    const cells = [...row.cells].map((cell) => cell.textContent);
    tell(cells[0] + '\\n' + cells.slice(1).map((cell, i) => names[i + 1] + ': ' + cell).join('\\n'), event);
  });
}

const source = document.getElementById('results');
const quote = (text) => {
  const inert = /^[=+\\-@\\t\\r]/.test(text) ? "'" + text : text;
  return /[",\\r\\n]/.test(inert) ? '"' + inert.replaceAll('"', '""') + '"' : inert;
};
const csv = ({ metricNames, contenders }) =>
  ['contender,seed,metric,value', ...contenders.flatMap(({ name, runs = [] }) =>
    runs.flatMap(([seed, ...values]) => values.flatMap((value, i) =>
      value === null ? [] : [[quote(name), seed, metricNames[i], value].join(',')])))].join('\\r\\n') + '\\r\\n';
for (const button of all('button[data-download]')) {
  const kind = button.dataset.download;
  const data = JSON.parse(source.textContent);
  if (kind === 'csv' && !data.contenders.some(({ runs }) => runs)) { button.remove(); continue; }
  button.addEventListener('click', () => {
    const text = kind === 'csv' ? csv(data) : JSON.stringify(data, null, 1);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: kind === 'csv' ? 'text/csv' : 'application/json' }));
    link.download = 'windtunnel-report.' + kind;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  button.parentNode.hidden = false;
}
})();
`;
