// The reference page: Swagger UI on the published description, in two
// languages, with requests that are signed here.
import {answerPlugin} from './answer.js';
import {formPlugin} from './form.js';
import {prefill, prefillPlugin} from './prefill.js';
import {signingHeaders} from './sign.js';
import {labels, texts} from './texts.js';
import {translate} from './translate.js';

const documents = {en: 'openapi.json', zh: 'openapi.zh-CN.json'};
const element = id => document.getElementById(id);
const read = async path => (await fetch(path)).json();

// What the user typed stays in the fields: nothing is stored, and nothing is
// put into the page's address but the language.
const connection = () => ({
  baseURL: element('base-url').value.trim().replace(/\/+$/, ''),
  appKey: element('app-key').value.trim(),
  appSecret: element('app-secret').value.trim(),
});

let ui;
let room; // the one that was created last
let language = new URLSearchParams(location.search).get('lang') ?? navigator.language;
language = language.startsWith('zh') ? 'zh' : 'en';
const say = key => texts[language][key];

function showStatus(kind, text) {
  element('status').className = kind;
  element('status').textContent = text;
}

// notSent is the error of a request that was not sent, which the page tells in
// place of an answer.
function notSent(text) {
  showStatus('bad', text);
  return Object.assign(new Error(text), {name: 'NotSent'});
}

// serverTime asks the server for its time in seconds: an emulator's clock may
// be set to another one than this machine's.
async function serverTime(baseURL) {
  let answer;
  try {
    answer = await fetch(baseURL + '/health/liveness.action', {cache: 'no-store'});
  } catch {
    throw notSent(say('unreachable'));
  }
  showStatus('good', say('reachable'));
  const date = Date.parse(answer.headers.get('Date'));
  return Math.floor((Number.isNaN(date) ? Date.now() : date) / 1000);
}

async function sign(request) {
  const {baseURL, appKey, appSecret} = connection();
  if (!appKey || !appSecret) throw notSent(say('incomplete'));
  Object.assign(request.headers, await signingHeaders(appKey, appSecret, await serverTime(baseURL)));
  return request;
}

// description is the document in the page's language, with the server of the
// page in place of the vendor's, which no browser can call from here.
async function description() {
  const document = await read(documents[language]);
  document.servers = [{url: connection().baseURL}];
  prefill(document, room);
  return document;
}

// noteRoom remembers the room that an answer tells of having created.
async function noteRoom(response) {
  if (!response.url?.endsWith('/chatroom/create.action')) return response;
  const created = response.body?.chatroom?.roomid;
  if (created) {
    room = created;
    await showDescription();
  }
  return response;
}

const showDescription = async () => ui.specActions.updateSpec(JSON.stringify(await description()));

function showLanguage() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = say('title');
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = say(node.dataset.text);
  for (const button of document.querySelectorAll('.languages button')) {
    button.setAttribute('aria-pressed', button.value === language);
  }
  element('download').href = documents[language];
}

async function start() {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const showScheme = () => document.documentElement.classList.toggle('dark-mode', scheme.matches);
  scheme.addEventListener('change', showScheme);
  showScheme();
  showLanguage();

  const config = await read('config.json');
  const baseURL = new URL(config.baseURL, location.href);
  element('base-url').value = baseURL.href;
  element('base-url').readOnly = baseURL.origin === location.origin; // the emulator that served this page
  element('app-key').value = config.appKey ?? '';
  element('app-secret').value = config.appSecret ?? '';

  ui = SwaggerUIBundle({
    spec: await description(),
    domNode: element('operations'),
    deepLinking: true,
    displayRequestDuration: true,
    defaultModelExpandDepth: 3,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: sign,
    responseInterceptor: noteRoom,
    plugins: [answerPlugin(say), formPlugin, prefillPlugin],
  });
  const relabel = translate(element('operations'), () => labels[language]);

  const greet = () => serverTime(connection().baseURL).catch(() => {}); // the status tells
  const refresh = () => {
    showLanguage();
    relabel();
    greet();
    return showDescription();
  };
  element('base-url').addEventListener('change', refresh);
  element('connection').addEventListener('submit', event => event.preventDefault()); // there is nothing to send
  for (const button of document.querySelectorAll('.languages button')) {
    button.addEventListener('click', () => {
      language = button.value;
      const address = new URL(location.href);
      address.searchParams.set('lang', language);
      history.replaceState(null, '', address);
      refresh();
    });
  }
  if (element('base-url').readOnly) greet(); // elsewhere there may be no server until one is needed
}

start();
