// A calculator that signs. It shows the text that it hashes and the headers to send, and
// says how a wrong CheckSum was made.
import {adviceNamed} from './advice.js';
import {diagnose} from './diagnose.js';
import {el} from './dom.js';
import {checkSum, newNonce} from './sign.js';

let values; // what the fields hold, also when the page is shown in the other language

// calculator returns the calculator. It begins with the test vector of x-signature.
export function calculator(description, say, connection) {
  const {input, header, test} = description['x-signature'];
  const fields = Object.fromEntries(['AppKey', ...input, header].map(name =>
    [name, el('input', {id: 'calculator-' + name, spellcheck: 'false', autocomplete: 'off', input: compute})]));
  const {[header]: yours, ...asked} = fields;
  const labelled = (label, field) => el('label', null, el('span', null, label), field);
  const hashed = el('output', {class: 'hashed'});
  const headers = el('pre', {class: 'headers'});
  const verdict = el('output');

  async function compute() {
    const now = values = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]));
    hashed.replaceChildren(...input.map(name => el('mark', {title: name}, now[name])));
    const right = await checkSum(...input.map(name => now[name]));
    const says = !now[header] ? '' : now[header] === right ? say('right') : await explain(now);
    if (values !== now) return; // somebody typed in the meantime
    headers.textContent = Object.entries({...now, [header]: right}).filter(([name]) => name !== 'AppSecret').map(pair => pair.join(': ')).join('\n');
    verdict.className = now[header] === right ? 'good' : 'bad';
    verdict.textContent = says;
  }
  async function explain(now) {
    const {name, parts} = await diagnose(description, now, Math.floor(Date.now() / 1000));
    const {meaning, advice} = adviceNamed(description, name, parts);
    return meaning + ' ' + advice;
  }
  function fill(wanted) {
    for (const [name, field] of Object.entries(fields)) field.value = wanted[name] ?? '';
    return compute();
  }
  const example = () => fill({AppKey: 'app-key', ...test});
  const mine = () => {
    const {appKey, appSecret} = connection();
    return fill({AppKey: appKey, AppSecret: appSecret, Nonce: newNonce(), CurTime: Math.floor(Date.now() / 1000)});
  };
  if (values) fill(values);
  else example();
  return el('form', {class: 'calculator', 'aria-labelledby': 'calculator-title', submit: event => event.preventDefault()},
    el('h3', {id: 'calculator-title'}, say('calculator')),
    el('p', null, say('calculatorIntro')),
    el('p', null,
      el('button', {type: 'button', class: 'action', id: 'calculator-mine', click: mine}, say('calculatorMine')), ' ',
      el('button', {type: 'button', class: 'action', id: 'calculator-example', click: example}, say('calculatorExample'))),
    el('div', {class: 'fields'}, Object.entries(asked).map(([name, field]) => labelled(name, field))),
    el('h4', null, say('hashed')), el('p', null, hashed),
    el('h4', null, say('headers')), headers,
    el('div', {class: 'fields yours'}, labelled(say('yours'), yours)),
    el('p', {class: 'status'}, verdict),
  );
}
