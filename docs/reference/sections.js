// The sections below the operations, which show what the description mentions. Their
// content comes from the description and from the record of contradictions.
import {codeOf, patterns} from './advice.js';
import {calculator} from './calculator.js';
import {el, markdown, paragraphs, table} from './dom.js';

// sections lists the sections: what the description says to name one, and what is in it.
const sections = [
  {id: 'signing', mentions: ['x-signature'], content: signing},
  {id: 'codes', mentions: ['x-codes', 'x-advice', 'executed', 'transient'], content: codes},
  {id: 'operation-rules', mentions: ['x-rate-limit', 'x-idempotency', 'x-ask', 'x-status-codes'], content: operations},
  {id: 'spellings', mentions: ['x-aliases', 'x-property-aliases', 'x-enum-aliases'], content: spellings},
  {id: 'callbacks', mentions: ['x-callback-signature', 'callbacks', 'x-webhooks'], content: callbacks},
  {id: 'contradictions', mentions: ['RECONCILIATION.md'], content: contradictions},
  {id: 'evidence', mentions: ['x-evidence'], content: evidence},
];

const owner = new Map(sections.flatMap(({id, mentions}) => mentions.map(mention => [mention, id])));
const rowID = row => 'row-' + row;

// linked returns a Markdown text with a link to the section of all that it mentions.
const linked = text => text
  .replace(/\[RECONCILIATION\.md\]\([^)]*\)|RECONCILIATION\.md/g, `[RECONCILIATION.md](#${owner.get('RECONCILIATION.md')})`)
  .replace(/`([\w-]+)`/g, (code, mention) => owner.has(mention) ? `[${code}](#${owner.get(mention)})` : code)
  .replace(/\brow (\d+[a-z]?)\b/g, (words, row) => `[${words}](#${rowID(row)})`);

// link links all that the descriptions below a node mention.
export function link(node) {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'object' && value !== null) link(value);
    else if (key === 'description' && typeof value === 'string') node[key] = linked(value);
  }
}

// showSections fills a navigation and the place of the sections.
export function showSections(navigation, place, description, record, say, connection) {
  const context = {description, record, say, connection};
  navigation.replaceChildren(...sections.map(({id}) => el('a', {href: '#' + id}, say('sections')[id])));
  place.replaceChildren(...sections.map(({id, content}) => el('section', {id, 'aria-labelledby': id + '-title'},
    el('h2', {id: id + '-title'}, say('sections')[id]), content(context))));
}

// example shows the test vector of a signature: what is hashed, and the hash.
function example(say, {algorithm, header, input, test}) {
  return [
    el('p', null, say('example')),
    el('pre', {class: 'example'},
      Object.entries(test).map(([name, value]) => [name.padEnd(10), value, '\n']),
      '\n', algorithm, '(', input.map(name => el('mark', {title: name}, test[name])), ')\n= ', test[header]),
  ];
}

function signing({description, say, connection}) {
  const rule = description['x-signature'];
  const headers = Object.values(description.components.securitySchemes);
  return [
    paragraphs(rule.description),
    table([say('header'), say('meaning')], headers.map(header => [el('code', null, header.name), markdown(header.description)])),
    example(say, rule),
    calculator(description, say, connection),
  ];
}

function callbacks({description, say}) {
  const rule = description['x-callback-signature'];
  const kinds = Object.entries(description.components.callbacks ?? {}).map(([name, paths]) => {
    const [{post}] = Object.values(paths);
    return [el('code', null, name), markdown(post.summary), markdown(post.description)];
  });
  return [paragraphs(rule.description), example(say, rule), table([say('callback'), say('about'), say('meaning')], kinds)];
}

function codes({description, say}) {
  const texts = entry => patterns(description, entry).map(text => el('div', null, el('code', null, text)));
  const rows = description['x-codes'].flatMap(({code, name, meaning, advice, executed, transient}) => [
    {id: 'code-' + code, cells: [el('strong', null, code), name, meaning, advice, [say('executed')[executed], transient && say('transient')]]},
    ...description['x-advice'].filter(entry => codeOf(description, entry) === code).map(entry =>
      ['', entry.desc || entry.features ? texts(entry) : el('em', null, say('circumstance')), entry.meaning, entry.advice, '']),
  ]);
  return [el('p', null, say('codesIntro')), table([say('code'), say('nameOrDesc'), say('meaning'), say('advice'), say('whether')], rows)];
}

function operations({description, say}) {
  const posts = Object.values(description.paths).map(({post}) => post);
  const title = id => posts.find(post => post.operationId === id).summary;
  return [el('p', null, say('operationsIntro')), table(
    [say('operation'), say('limit'), say('repeat'), say('ask'), say('codes')],
    posts.map(post => [
      toOperation(post, post.summary), say('rate')(post['x-rate-limit'] ?? description['x-rate-limit']),
      say('idempotency')[post['x-idempotency']],
      post['x-ask'] ? toOperation(posts.find(other => other.operationId === post['x-ask']), title(post['x-ask'])) : '',
      post['x-status-codes'].map((code, i) => [i ? ', ' : '', el('a', {href: '#code-' + code}, code)]),
    ]))];
}

const toOperation = (post, label) => el('a', {href: `#/${post.tags[0]}/${post.operationId}`}, label);

function spellings({description, say}) {
  const rows = new Map(); // one for each name, whatever schemas have it
  const add = (name, others) => rows.set(name + others, [el('code', null, name), others.map((other, i) => [i ? ', ' : '', el('code', null, other)])]);
  for (const schema of Object.values(description.components.schemas)) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (property['x-aliases']) add(name, property['x-aliases']);
    }
    for (const key of ['x-aliases', 'x-property-aliases', 'x-enum-aliases']) {
      for (const [name, others] of Object.entries(Array.isArray(schema[key]) ? {} : schema[key] ?? {})) add(name, others);
    }
  }
  return [el('p', null, say('spellingsIntro')), table([say('sent'), say('accepted')], [...rows.values()])];
}

function contradictions({record}) {
  return [paragraphs(record.intro), record.sections.map(({title, columns, rows}) => [
    el('h3', null, title),
    table(['#', ...columns], rows.map(({id, cells}) => ({id: rowID(id), cells: [id, ...cells.map(markdown)]}))),
  ])];
}

function evidence({description, say}) {
  return table([say('source'), say('kind'), say('named'), say('date')], description['x-evidence'].map(({id, kind, title, url, date}) =>
    [el('code', null, id), say('kinds')[kind], url ? el('a', {href: url}, title) : title, date ?? '']));
}
