// A plugin for Swagger UI that sends exactly what the user types. Swagger UI's
// client parses every value of a form as JSON if it can. It would send the text
// 1.0 as 1, and the list ["6001"], which it converts to text first, as 6001. This
// plugin encodes each value as JSON so that the client decodes it to what was typed.

export const formPlugin = system => {
  const {buildRequest, execute} = system.fn;
  return {
    fn: {
      buildRequest: request => buildRequest(quoted(request)),
      execute: request => execute(quoted(request)),
    },
  };
};

function quoted(request) {
  const media = request.spec.paths[request.pathName][request.method].requestBody.content[request.requestContentType];
  const requestBody = {};
  for (const [name, value] of Object.entries(request.requestBody)) {
    if (Array.isArray(value)) {
      const {type} = media.schema.properties[name].items;
      const chosen = type === 'integer' ? value.filter(item => item !== '') : value; // the choice "--" stands for no value
      requestBody[name] = '[' + chosen.map(item => element(type, String(item))) + ']';
    } else {
      const isJSON = media.encoding?.[name] !== undefined;
      requestBody[name] = isJSON ? value : JSON.stringify(value);
    }
  }
  return {...request, requestBody};
}

// element returns a list element as JSON. If the list needs integers and the text
// is not one, the element is sent as a string, and the server rejects it.
function element(type, text) {
  return type === 'integer' && /^-?\d+$/.test(text) ? String(Number(text)) : JSON.stringify(text);
}
