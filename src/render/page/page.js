// What a report does in a browser: search, filters, keys, the colours. It reads what is on the page and asks nobody for anything.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const search = document.querySelector('#search');
  const found = document.querySelector('#found');
  const filters = all('input[name=action]');
  const whole = document.querySelector('#whole');
  const nodes = all('.tree li').map((element) => ({
    element,
    parent: element.parentElement.closest('li'),
    action: element.dataset.action,
  }));
  const byElement = new Map(nodes.map((node) => [node.element, node]));
  const changes = nodes.filter(({ action }) => action).length;
  let tables = [];
  let read = false;

  /** Texts are read when they are first searched, so that a page opens soon. */
  function readTexts() {
    if (read) return;
    read = true;
    for (const node of nodes) node.text = own(node.element).toLowerCase();
    tables = all('tr[data-text], li[data-text]').map((element) => ({ element, text: element.textContent.toLowerCase() }));
  }

  /** The text of a node without that of what is below it. */
  function own(element) {
    const inside = element.firstElementChild.localName === 'details' ? element.firstElementChild : element;
    const parts = [...inside.children].filter(({ classList }) => classList.contains('row') || classList.contains('fields'));
    return [element.dataset.address ?? '', ...parts.map((part) => part.textContent)].join(' ');
  }

  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length > 0) readTexts();
    const actions = new Set(filters.filter((one) => one.checked).map((one) => one.value));
    document.body.classList.toggle('whole', whole.checked);
    const visible = new Set();
    let count = 0;
    for (const node of nodes) {
      const wanted = node.action ? actions.has(node.action) : node.element.classList.contains('same') && whole.checked;
      if (!wanted || !words.every((word) => node.text.includes(word))) continue;
      if (node.action) count += 1;
      for (let at = node; at && !visible.has(at.element); at = byElement.get(at.parent)) visible.add(at.element);
    }
    for (const { element } of nodes) element.hidden = !visible.has(element);
    for (const { element, text } of tables) element.hidden = !words.every((word) => text.includes(word));
    for (const one of all('.alarm')) one.hidden = all('li', one).every((item) => item.hidden);
    found.textContent = `${count} of ${changes} changes`;
  }

  function unfold(open) {
    for (const details of all('.tree details')) details.open = open;
  }

  /** The rows that can be seen, in their order. */
  const rows = () => all('.tree .row').filter((row) => row.checkVisibility());

  function move(step) {
    const list = rows();
    const at = list.indexOf(document.activeElement);
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + step))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  function theme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  }

  const keys = {
    '/': () => search.focus(),
    j: () => move(1),
    k: () => move(-1),
    e: () => unfold(true),
    c: () => unfold(false),
    t: theme,
    u: () => {
      whole.checked = !whole.checked;
      show();
    },
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      search.value = '';
      show();
      search.blur();
    } else if (event.target === search) {
      if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
      search.blur();
      move(1);
    } else if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (!Object.hasOwn(keys, event.key)) return;
    else keys[event.key]();
    event.preventDefault();
  });
  addEventListener('beforeprint', () => {
    for (const details of all('details:not(.calls)')) details.open = true;
  });
  search.addEventListener('input', show);
  for (const one of [...filters, whole]) one.addEventListener('change', show);
  document.querySelector('#theme').addEventListener('click', theme);
  document.querySelector('#unfold').addEventListener('click', () => unfold(true));
  document.querySelector('#fold').addEventListener('click', () => unfold(false));
  show();
})();
