'use strict';

// Shows where the page is in a long list of contents.
addEventListener('DOMContentLoaded', () => {
  const nav = document.querySelector('nav');
  const here = nav.querySelector('[aria-current]');
  if (here && here.offsetTop > nav.clientHeight - 60) nav.scrollTop = here.offsetTop - nav.clientHeight / 2;
});

// Searches the headings and texts of all pages. The list is fetched when somebody begins to type.
(() => {
  const top = document.currentScript.dataset.top;
  const input = document.getElementById('search');
  const found = document.getElementById('found');
  let list = null;

  function fetchList() {
    if (list) return;
    list = [];
    const script = document.createElement('script');
    script.src = top + 'search-index.js';
    script.onload = () => {
      list = window.rt0Search.map(([at, page, title, text]) => ({
        at, page, title, text,
        low: [title.toLowerCase(), page.toLowerCase(), text.toLowerCase()],
      }));
      show();
    };
    document.head.append(script);
  }

  // Every word must be somewhere; a word in a heading counts more than one in the text.
  function rank(entry, words) {
    let sum = 0;
    for (const word of words) {
      const [title, page, text] = entry.low;
      const at = title.indexOf(word);
      if (at === 0) sum += 60;
      else if (at > 0) sum += 40;
      else if (page.includes(word)) sum += 15;
      else {
        const count = text.split(word).length - 1;
        if (count === 0) return 0;
        sum += Math.min(count, 10);
      }
    }
    // Of two that have the same words, the shorter heading is about them.
    return sum - Math.min(entry.title.length, 99) / 100;
  }

  function part(text, word) {
    const at = Math.max(0, text.toLowerCase().indexOf(word) - 40);
    return (at > 0 ? '… ' : '') + text.slice(at, at + 130) + (text.length > at + 130 ? ' …' : '');
  }

  function show() {
    const words = input.value.toLowerCase().split(/\s+/).filter((word) => word);
    found.replaceChildren();
    found.hidden = words.length === 0;
    if (found.hidden) return;
    const ranked = list.map((entry) => [rank(entry, words), entry]).filter(([sum]) => sum > 0);
    ranked.sort(([a], [b]) => b - a);
    for (const [, entry] of ranked.slice(0, 20)) {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = top + entry.at;
      const title = document.createElement('b');
      title.textContent = entry.title;
      const page = document.createElement('small');
      page.textContent = entry.title === entry.page ? '' : entry.page;
      const text = document.createElement('span');
      text.textContent = part(entry.text, words[0]);
      link.append(title, page, text);
      item.append(link);
      found.append(item);
    }
    if (ranked.length === 0) {
      const item = document.createElement('li');
      item.className = 'none';
      item.textContent = 'Nothing has all of these words.';
      found.append(item);
    }
  }

  function close() {
    found.hidden = true;
  }

  input.addEventListener('focus', fetchList);
  input.addEventListener('input', show);
  document.addEventListener('click', (event) => {
    if (!event.target.closest('.search')) close();
    else if (event.target.closest('#found a')) close();
  });
  document.addEventListener('keydown', (event) => {
    const links = [...found.querySelectorAll('a')];
    const here = links.indexOf(document.activeElement);
    if (event.key === '/' && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    } else if (event.key === 'Escape') {
      close();
    } else if (!found.hidden && event.key === 'ArrowDown' && here + 1 < links.length) {
      event.preventDefault();
      links[here + 1].focus();
    } else if (!found.hidden && event.key === 'ArrowUp' && here >= 0) {
      event.preventDefault();
      (links[here - 1] || input).focus();
    } else if (event.key === 'Enter' && document.activeElement === input && links.length > 0) {
      links[0].click();
    }
  });
})();
