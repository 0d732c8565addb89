// A plugin of Swagger UI that sends what was typed. Its client reads every value
// of a form as JSON where that is possible, so that the text 1.0 would be sent
// as 1, and the list ["6001"], which becomes text on the way, as 6001. A value
// that is JSON text already comes through as it is.

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
      const chosen = type === 'integer' ? value.filter(item => item !== '') : value; // "--" is none of the choices
      requestBody[name] = '[' + chosen.map(item => element(type, String(item))) + ']';
    } else {
      const isJSON = media.encoding?.[name] !== undefined;
      requestBody[name] = isJSON ? value : JSON.stringify(value);
    }
  }
  return {...request, requestBody};
}

// element is the JSON of an element of a list. What is no number where one is
// wanted goes as text, for the server to refuse.
function element(type, text) {
  return type === 'integer' && /^-?\d+$/.test(text) ? String(Number(text)) : JSON.stringify(text);
}
