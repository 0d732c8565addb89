// Swagger UI has English labels only. This module replaces them in the page. It changes
// only the data of text nodes, which React does not touch until their text changes.

const untouched = 'pre, textarea, .renderedMarkdown, .parameters .parameter__name, .model, .verdict';

// translate replaces the labels below root by those of dictionary(), now and whenever
// the page changes. It returns a function to call when the dictionary has changed.
export function translate(root, dictionary) {
  const seen = new WeakMap(); // for each text node, the text of Swagger UI and the text on the page
  const replace = node => {
    const words = dictionary();
    const {written, shown: last} = seen.get(node) ?? {};
    const text = node.data === last ? written : node.data;
    const label = text.trim();
    const isLabel = Object.hasOwn(words, label) && !node.parentElement?.closest(untouched);
    const shown = isLabel ? text.replace(label, words[label]) : text;
    seen.set(node, {written: text, shown});
    if (node.data !== shown) node.data = shown;
  };
  const replaceAll = node => {
    if (node.nodeType === Node.TEXT_NODE) return replace(node);
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) replace(walker.currentNode);
  };
  new MutationObserver(changes => {
    for (const change of changes) {
      if (change.type === 'characterData') replace(change.target);
      else change.addedNodes.forEach(replaceAll);
    }
  }).observe(root, {subtree: true, childList: true, characterData: true});
  replaceAll(root);
  return () => replaceAll(root);
}
