// The advice of x-advice and x-codes for an error. The rule is that of package
// internal/advice, and a test compares both for every entry.

// adviceOf returns the entry of a code and the text that came with it, with its parts
// filled in, or else the entry of the code. It returns undefined for an unknown code.
export function adviceOf(description, code, desc) {
  for (const entry of description['x-advice']) {
    if (codeOf(description, entry) !== code) continue;
    for (const pattern of patterns(description, entry)) {
      const parts = match(pattern, desc ?? '');
      if (parts) return fill(entry, parts);
    }
  }
  return description['x-codes'].find(entry => entry.code === code);
}

// adviceNamed returns the entry of a name with its parts filled in.
export const adviceNamed = (description, name, parts) =>
  fill(find(description, name), parts);

const find = (description, name) => description['x-advice'].find(entry => entry.name === name);

// patterns returns the texts of errors that an entry explains.
export const patterns = (description, {desc, features}) =>
  features ? Object.values(description['x-features']).map(feature => feature.desc) : desc ?? [];

// codeOf returns the code of an entry, which may be that of another entry.
export const codeOf = (description, {of, code}) => of ? codeOf(description, find(description, of)) : code;

function fill(entry, parts) {
  const filled = text => text.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
  return {...entry, meaning: filled(entry.meaning), advice: filled(entry.advice)};
}

const maxText = 1000; // bytes of a text that can be known

// match compares a text with a pattern, in which {name} stands for any part: one word if
// the name is field. It returns the parts by name.
function match(pattern, text) {
  text = text.trim();
  if (new TextEncoder().encode(text).length > maxText) return undefined;
  const parts = {};
  let at = 0;
  const pieces = pattern.split(/(\{\w+\})/); // texts and parts in turn
  for (const [i, piece] of pieces.entries()) {
    if (i % 2 === 0) {
      if (lower(text.slice(at, at + piece.length)) !== lower(piece)) return undefined;
      at += piece.length;
      continue;
    }
    const isLast = pieces.slice(i + 1).join('') === '';
    const end = isLast ? text.length : lower(text).indexOf(lower(pieces[i + 1]), at);
    const part = text.slice(at, end);
    if (end < 0 || piece === '{field}' && /[ \t\r\n]/.test(part)) return undefined;
    parts[piece.slice(1, -1)] = part;
    at = end;
  }
  return at === text.length ? parts : undefined;
}

const lower = text => text.replace(/[A-Z]/g, letter => letter.toLowerCase());
