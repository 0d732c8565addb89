// A plugin for Swagger UI. The HTTP status is always 200, so the plugin shows above the
// response what its code and its text (desc) mean and what to do. It hides the fields for
// the signing headers, because the page signs each request itself.
import {adviceOf} from './advice.js';

export const responsePlugin = say => system => {
  const h = system.React.createElement;
  const nothing = () => () => null;
  return {
    wrapComponents: {
      authorizeBtn: nothing,
      authorizeOperationBtn: nothing,
      ServersContainer: nothing,
      liveResponse: Original => props => props.response.get('name') === 'NotSent'
        ? h('p', {className: 'verdict bad', role: 'status'}, props.response.get('message'))
        : h('div', null, verdict(h, say, props), h(Original, props)),
    },
  };
};

function verdict(h, say, {response, specSelectors}) {
  const {code, desc} = errorOf(response);
  if (code === undefined) return null;
  const description = Object.fromEntries(['x-codes', 'x-advice', 'x-features'].map(key => [key, specSelectors.specJson().get(key).toJS()]));
  const known = adviceOf(description, code, desc);
  const name = description['x-codes'].find(entry => entry.code === code)?.name;
  return h('p', {className: 'verdict ' + (code === 200 ? 'good' : 'bad'), role: 'status'},
    h('strong', null, 'code ', code, name && ' ' + name),
    ' ', known ? known.meaning : say('unknownCode'),
    code !== 200 && known && h('span', {className: 'advice'}, ' ', known.advice),
    signatureKinds.includes(known?.kind) && h('span', null, ' ', h('a', {href: '#signing'}, say('checkSignature'))));
}

const signatureKinds = ['BadSignature', 'Clock']; // the errors of x-advice that are about the signature

function errorOf(response) {
  try {
    const {code, desc} = JSON.parse(response.get('text'));
    return Number.isInteger(code) ? {code, desc: typeof desc === 'string' ? desc : ''} : {};
  } catch {
    return {}; // the body is empty or is not JSON, as from a gateway
  }
}
