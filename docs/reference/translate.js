// Swagger UI speaks its own English alone. Its labels are replaced where they
// stand: only the data of text nodes changes, which React leaves alone until it
// has another text to write.

const untouched = 'pre, textarea, .renderedMarkdown, .parameters .parameter__name, .model, .verdict';

// translate keeps the labels below root as dictionary() has them. It returns a
// function to call when that has changed.
export function translate(root, dictionary) {
  const seen = new WeakMap(); // text nodes: what Swagger UI wrote, and what is shown
  const visit = node => {
    const words = dictionary();
    const {written, shown: last} = seen.get(node) ?? {};
    const text = node.data === last ? written : node.data;
    const label = text.trim();
    const isLabel = Object.hasOwn(words, label) && !node.parentElement?.closest(untouched);
    const shown = isLabel ? text.replace(label, words[label]) : text;
    seen.set(node, {written: text, shown});
    if (node.data !== shown) node.data = shown;
  };
  const visitAll = node => {
    if (node.nodeType === Node.TEXT_NODE) return visit(node);
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) visit(walker.currentNode);
  };
  new MutationObserver(changes => {
    for (const change of changes) {
      if (change.type === 'characterData') visit(change.target);
      else change.addedNodes.forEach(visitAll);
    }
  }).observe(root, {subtree: true, childList: true, characterData: true});
  visitAll(root);
  return () => visitAll(root);
}
