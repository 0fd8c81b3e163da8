// Improves pages that work without it: suggestions while typing, folds open on paper, texts to copy.
// No library, no inline script.
'use strict';

// Suggestions: <input data-suggest="/path"> asks /path?q=… for [{value, label}] and offers them below
// the field, for the item of the list in which the cursor stands. Arrow keys move, Enter takes, Escape
// closes; the field keeps the focus and says which offer is meant.
const SEPARATORS = /[;；,，、]/;

function suggest(input) {
  const list = document.createElement('ul');
  list.id = input.id + '-offers';
  list.className = 'offers';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', '可选的编号');
  const status = document.createElement('span');
  status.className = 'sr';
  status.setAttribute('role', 'status');
  input.after(list, status);
  for (const [name, value] of Object.entries({
    role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id,
  })) input.setAttribute(name, value);

  let asked = 0;
  let active = -1;
  let timer;
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  // The item around the cursor: where it begins and ends.
  const item = () => {
    const at = input.selectionStart ?? input.value.length;
    let from = at;
    while (from > 0 && !SEPARATORS.test(input.value[from - 1])) from -= 1;
    let to = at;
    while (to < input.value.length && !SEPARATORS.test(input.value[to])) to += 1;
    return { from, to, text: input.value.slice(from, to).trim() };
  };
  const take = (option) => {
    const { from, to } = item();
    const before = input.value.slice(0, from);
    const behind = input.value.slice(to) || '；';
    input.value = before + option.dataset.value + behind;
    const at = before.length + option.dataset.value.length + 1;
    input.setSelectionRange(at, at);
    close();
    status.textContent = '已填入 ' + option.textContent;
  };
  const mark = (next) => {
    const options = list.children;
    active = (next + options.length) % options.length;
    [...options].forEach((option, number) => option.setAttribute('aria-selected', String(number === active)));
    options[active].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', options[active].id);
  };
  const show = (found) => {
    list.replaceChildren(...found.map(({ value, label }, number) => {
      const option = document.createElement('li');
      option.id = list.id + '-' + number;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.dataset.value = value;
      option.textContent = label;
      // Before the field would lose the focus.
      option.addEventListener('pointerdown', (event) => { event.preventDefault(); take(option); });
      return option;
    }));
    active = -1;
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    input.removeAttribute('aria-activedescendant');
    status.textContent = found.length ? `有 ${found.length} 项可选，用上下键选择` : '没有找到编号，按关键词保存';
  };
  const ask = async () => {
    const mine = ++asked;
    const { text } = item();
    if (!text) { close(); return; }
    const answer = await fetch(input.dataset.suggest + '?q=' + encodeURIComponent(text), { headers: { accept: 'application/json' } });
    if (answer.ok && mine === asked && document.activeElement === input) show(await answer.json());
  };
  input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener('blur', () => { clearTimeout(timer); asked += 1; close(); });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' && list.hidden) { ask(); event.preventDefault(); return; }
    if (list.hidden || event.isComposing) return;
    if (event.key === 'ArrowDown') mark(active + 1);
    else if (event.key === 'ArrowUp') mark(active < 0 ? list.children.length - 1 : active - 1);
    else if (event.key === 'Enter' && active >= 0) take(list.children[active]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll('input[data-suggest]').forEach(suggest);

// Paper shows what is folded; afterwards the page is as it was.
const opened = [];
addEventListener('beforeprint', () => {
  for (const fold of document.querySelectorAll('details:not([open], .drop)')) { fold.open = true; opened.push(fold); }
});
addEventListener('afterprint', () => { for (const fold of opened.splice(0)) fold.open = false; });

// A form refused by the server begins with its list of errors: bring it into view and focus.
const errors = document.getElementById('errors');
if (errors) errors.focus();

// Copy buttons: <button data-copy="id of the text">.
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = '已复制';
  });
}

// A page whose contents run out is loaded again: <div data-refresh="seconds">.
for (const part of document.querySelectorAll('[data-refresh]')) {
  setTimeout(() => location.reload(), Number(part.dataset.refresh) * 1000 + 300);
}
