// What the console does in the browser beside htmx.
'use strict';

const result = () => document.getElementById('result');

// A page that nobody sees holds no connection, of which a browser keeps six for a
// server. htmx connects again after an error.
let source;
htmx.createEventSource = url => {
  source = new EventSource(url);
  return source;
};
document.addEventListener('visibilitychange', () => {
  if (document.hidden) source?.close();
  else if (source?.readyState === EventSource.CLOSED) source.dispatchEvent(new Event('error'));
});

// Open menus stay open when the part of the page around them is rendered again.
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => !(name === 'open' && node.nodeName === 'DETAILS');

// What comes of a form goes to one place, whatever sent it.
document.addEventListener('htmx:beforeSwap', event => { event.detail.target = result(); });
document.addEventListener('htmx:afterRequest', event => {
  const form = event.detail.elt;
  if (event.detail.successful && form.dataset?.clear && !result().querySelector('.bad')) {
    for (const name of form.dataset.clear.split(' ')) form.elements[name].value = '';
    form.elements[form.dataset.clear.split(' ')[0]].focus();
  }
});
document.addEventListener('htmx:sendError', () => lose(true));
document.addEventListener('htmx:sseError', () => lose(true));
document.addEventListener('htmx:sseOpen', () => lose(false));

let hide;
new MutationObserver(() => {
  clearTimeout(hide);
  if (result().querySelector('.came.good')) hide = setTimeout(() => result().replaceChildren(), 6000);
}).observe(result(), {childList: true});

// lose shows whether the page is live.
function lose(lost) {
  const mark = document.querySelector('.live');
  if (!mark) return;
  mark.classList.toggle('lost', lost);
  mark.textContent = lost ? mark.dataset.lost : mark.dataset.live;
}

document.addEventListener('click', event => {
  const copy = event.target.closest('[data-copy]:not([data-program])');
  if (copy) copyText(copy);
  if (event.target.closest('[data-close]')) result().replaceChildren();
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target) || event.target.closest('.menu button')) menu.open = false;
  }
});

// copyText copies what a button stands for. Browsers offer navigator.clipboard only
// to pages from https or from a loopback address.
async function copyText(button) {
  const text = button.dataset.copy;
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  }
  button.classList.add('copied');
  setTimeout(() => button.classList.remove('copied'), 1200);
}

document.addEventListener('change', event => {
  if (event.target.matches('[data-submit]')) event.target.form.requestSubmit();
});

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    const menu = document.querySelector('details.menu[open]');
    if (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    } else {
      result().replaceChildren();
    }
  }
  if (event.key === '/' && !event.target.closest('input, textarea, select')) {
    document.querySelector('[data-search]')?.focus();
    event.preventDefault();
  }
});

// A request is copied as a program that signs by itself: the reference page has the
// programs, and this is one for the shell.
const quote = text => "'" + text.replaceAll("'", "'\\''") + "'";
const curl = ({url, appKey, fields}) => `NONCE=$(openssl rand -hex 16)
CURTIME=$(date +%s)
CHECKSUM=$(printf %s "$NIM_APP_SECRET$NONCE$CURTIME" | openssl dgst -sha1 -r | cut -d' ' -f1)
curl -sS ${quote(url)} \\
  -H ${quote('AppKey: ' + appKey)} -H "Nonce: $NONCE" -H "CurTime: $CURTIME" -H "CheckSum: $CHECKSUM" \\
  -H 'Content-Type: application/x-www-form-urlencoded; charset=utf-8' \\
  -d ${quote(new URLSearchParams(fields).toString())}
`;

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-program]');
  if (!button) return;
  const request = JSON.parse(button.closest('[data-request]').dataset.request);
  const {languages} = await import('/docs/snippets.js');
  button.dataset.copy = (languages[button.dataset.program]?.program ?? curl)(request);
  copyText(button);
});
