// Elements made from texts. Nothing here reads HTML, so a text can inject nothing.

// el returns an element with attributes (listeners are functions) and children: elements,
// texts, and lists of them. It leaves out what is null, undefined or false.
export function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') node.addEventListener(key, value);
    else if (value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

// markdown returns the inline elements of a Markdown text: code, bold text and links.
export const markdown = text => (text ?? '').split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\))/).map((piece, i) => {
  if (i % 2 === 0) return piece;
  if (piece.startsWith('`')) return el('code', null, piece.slice(1, -1));
  if (piece.startsWith('**')) return el('strong', null, piece.slice(2, -2));
  const [, label, address] = /^\[(.+)\]\((.+)\)$/.exec(piece);
  return el('a', {href: address}, markdown(label));
});

// paragraphs returns a Markdown text as paragraphs, without its headings.
export const paragraphs = text => text.split(/\n\n+/).filter(part => part && !part.startsWith('#')).map(part => el('p', null, markdown(part)));

// table returns a table. A row is a list of cells, or {id, cells}.
export function table(columns, rows) {
  return el('div', {class: 'scroll', tabindex: '0', role: 'group'}, el('table', null,
    el('thead', null, el('tr', null, columns.map(column => el('th', {scope: 'col'}, column)))),
    el('tbody', null, rows.map(row => el('tr', {id: row.id}, (row.cells ?? row).map(cell => el('td', null, cell)))))));
}
