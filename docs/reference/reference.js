// The reference page. It shows the published OpenAPI description in Swagger UI, in
// two languages, and signs the requests.
import {formPlugin} from './form.js';
import {prefill, prefillPlugin} from './prefill.js';
import {responsePlugin} from './response.js';
import {link, showSections} from './sections.js';
import {signingHeaders} from './sign.js';
import {snippets, snippetsPlugin} from './snippets.js';
import {labels, texts} from './texts.js';
import {translate} from './translate.js';

const documents = {en: 'openapi.json', zh: 'openapi.zh-CN.json'};
const contradictions = {en: 'reconciliation.json', zh: 'reconciliation.zh-CN.json'};
const element = id => document.getElementById(id);
const read = async path => (await fetch(path)).json();

// connection reads the fields at the top of the page. The page does not store their
// values, and only the language goes into the page's address.
const connection = () => ({
  baseURL: element('base-url').value.trim().replace(/\/+$/, ''),
  appKey: element('app-key').value.trim(),
  appSecret: element('app-secret').value.trim(),
});

let ui;
let room; // the id of the room that was created last
let language = new URLSearchParams(location.search).get('lang') ?? navigator.language;
language = language.startsWith('zh') ? 'zh' : 'en';
const say = key => texts[language][key];

function showStatus(kind, text) {
  element('status').className = kind;
  element('status').textContent = text;
}

// notSent returns the error of a request that was not sent. The page shows it in
// place of a response.
function notSent(text) {
  showStatus('bad', text);
  return Object.assign(new Error(text), {name: 'NotSent'});
}

// serverTime asks the server for its time in seconds, because an emulator's clock may
// differ from the clock of this machine.
async function serverTime(baseURL) {
  let response;
  try {
    response = await fetch(baseURL + '/health/liveness.action', {cache: 'no-store'});
  } catch {
    throw notSent(say('unreachable'));
  }
  showStatus('good', say('reachable'));
  const date = Date.parse(response.headers.get('Date'));
  return Math.floor((Number.isNaN(date) ? Date.now() : date) / 1000);
}

// sign adds the signing headers to a request.
async function sign(request) {
  const {baseURL, appKey, appSecret} = connection();
  if (!appKey || !appSecret) throw notSent(say('incomplete'));
  Object.assign(request.headers, await signingHeaders(appKey, appSecret, await serverTime(baseURL)));
  return request;
}

// description returns the OpenAPI document in the page's language. It replaces the
// vendor's server, which browsers cannot call, by the server at the base URL.
async function description() {
  const [document, record] = await Promise.all([read(documents[language]), read(contradictions[language])]);
  document.servers = [{url: connection().baseURL}];
  link(document);
  showSections(element('section-links'), element('sections'), document, record, say, connection);
  prefill(document, room);
  return document;
}

// rememberRoom remembers the room that a response reports as created.
async function rememberRoom(response) {
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
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', say(node.dataset.label));
  for (const button of document.querySelectorAll('.languages button')) {
    button.setAttribute('aria-pressed', button.value === language);
  }
  element('download').href = documents[language];
}

// follow scrolls to the section or row to which a link leads. Swagger UI opens links in new
// tabs, and reads the fragments of its own.
function follow(event) {
  const address = event.target.closest?.('a[href^="#"]')?.getAttribute('href');
  const target = address && element(address.slice(1));
  if (!target) return;
  event.preventDefault();
  history.pushState(null, '', address);
  target.scrollIntoView();
}

async function start() {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const showScheme = () => document.documentElement.classList.toggle('dark-mode', scheme.matches);
  scheme.addEventListener('change', showScheme);
  showScheme();
  showLanguage();

  document.addEventListener('click', follow);

  const config = await read('config.json');
  const baseURL = new URL(config.baseURL, location.href);
  element('base-url').value = baseURL.href;
  element('base-url').readOnly = baseURL.origin === location.origin; // an emulator served this page
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
    requestSnippetsEnabled: true,
    requestSnippets: snippets,
    requestInterceptor: sign,
    responseInterceptor: rememberRoom,
    plugins: [responsePlugin(say), formPlugin, prefillPlugin, snippetsPlugin],
  });
  const relabel = translate(element('operations'), () => labels[language]);

  const checkServer = () => serverTime(connection().baseURL).catch(() => {}); // the status shows the error
  const refresh = () => {
    showLanguage();
    relabel();
    checkServer();
    return showDescription();
  };
  element('base-url').addEventListener('change', refresh);
  element('connection').addEventListener('submit', event => event.preventDefault()); // the form is never submitted
  for (const button of document.querySelectorAll('.languages button')) {
    button.addEventListener('click', () => {
      language = button.value;
      const address = new URL(location.href);
      address.searchParams.set('lang', language);
      history.replaceState(null, '', address);
      refresh();
    });
  }
  element(location.hash.slice(1))?.scrollIntoView();
  if (element('base-url').readOnly) checkServer(); // on other sites there may be no server yet
}

start();
