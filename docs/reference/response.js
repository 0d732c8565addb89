// A plugin for Swagger UI. The HTTP status is always 200, so the plugin shows the
// meaning of the response's code above the response. It hides the fields for the
// signing headers, because the page signs each request itself.

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
  const code = codeOf(response);
  if (code === undefined) return null;
  const known = specSelectors.specJson().get('x-codes')?.find(entry => entry.get('code') === code);
  return h('p', {className: 'verdict ' + (code === 200 ? 'good' : 'bad'), role: 'status'},
    h('strong', null, 'code ', code, known && ' ' + known.get('name')),
    ' ', known ? known.get('meaning') : say('unknownCode'),
    code !== 200 && known && h('span', {className: 'advice'}, ' ', known.get('advice')));
}

function codeOf(response) {
  try {
    const code = JSON.parse(response.get('text')).code;
    return Number.isInteger(code) ? code : undefined;
  } catch {
    return undefined; // the body is empty or is not JSON, as from a gateway
  }
}
