// Improves pages that work without it: suggestions while typing, lists that grow, a form that warns
// before it is left. No library, no inline script.
'use strict';

// Suggestions: <input data-suggest="/path"> asks /path?q=… for [{value, label}] and offers them; in a
// list, for its last item, keeping what stands before.
for (const input of document.querySelectorAll('input[data-suggest]')) {
  const list = document.createElement('datalist');
  list.id = input.id + '-list';
  input.after(list);
  input.setAttribute('list', list.id);
  let asked = 0;
  input.addEventListener('input', async () => {
    const mine = ++asked;
    const q = input.value.split(/[;；,，、\s]/).pop().trim();
    const head = input.value.slice(0, input.value.length - q.length);
    if (!q) { list.replaceChildren(); return; }
    const answer = await fetch(input.dataset.suggest + '?q=' + encodeURIComponent(q), { headers: { accept: 'application/json' } });
    if (!answer.ok || mine !== asked) return;
    list.replaceChildren(...(await answer.json()).map(({ value, label }) => {
      const option = document.createElement('option');
      option.value = head + value;
      option.label = label;
      return option;
    }));
  });
}

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
