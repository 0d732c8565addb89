// A calculator that signs. It shows the text that it hashes and the headers to send.
import {el} from './dom.js';
import {checkSum, newNonce} from './sign.js';

let values; // what the fields hold, also when the page is shown in the other language

// calculator returns the calculator. It begins with the test vector of x-signature.
export function calculator(description, say, connection) {
  const {input, header, test} = description['x-signature'];
  const fields = Object.fromEntries(['AppKey', ...input].map(name =>
    [name, el('input', {id: 'calculator-' + name, spellcheck: 'false', autocomplete: 'off', input: compute})]));
  const hashed = el('output', {class: 'hashed'});
  const headers = el('pre', {class: 'headers'});

  async function compute() {
    values = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value]));
    hashed.replaceChildren(...input.map(name => el('mark', {title: name}, values[name])));
    const shown = {...values, [header]: await checkSum(...input.map(name => values[name]))};
    headers.textContent = ['AppKey', 'Nonce', 'CurTime', header].map(name => name + ': ' + shown[name]).join('\n');
  }
  function fill(wanted) {
    for (const [name, field] of Object.entries(fields)) field.value = wanted[name] ?? '';
    return compute();
  }
  const example = () => fill({AppKey: 'app-key', ...test});
  const mine = async () => {
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
    el('div', {class: 'fields'}, Object.entries(fields).map(([name, field]) => el('label', null, el('span', null, name), field))),
    el('h4', null, say('hashed')), el('p', null, hashed),
    el('h4', null, say('headers')), headers,
  );
}
