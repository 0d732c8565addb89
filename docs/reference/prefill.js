// A plugin for Swagger UI that sets the initial values of a form's fields. They are
// those of the documented example, which is a valid request without needless optional
// fields. The room is the one that the user created last on this page.

const extension = 'x-prefill';

// prefill adds the initial value of its field to each property of each form.
export function prefill(document, room) {
  const {schemas} = document.components;
  const resolve = schema => schema.$ref ? schemas[schema.$ref.split('/').pop()] : schema;
  for (const {post} of Object.values(document.paths)) {
    const media = post.requestBody.content['application/x-www-form-urlencoded'];
    const form = resolve(media.schema);
    const [documented] = Object.values(media.examples);
    const properties = {};
    for (const [name, reference] of Object.entries(form.properties)) {
      const property = {...resolve(reference)}; // a copy, because a reference ignores its siblings
      // Swagger UI warns on the console about formats of list elements that it does not know.
      if (property.type === 'array') property.items = {...resolve(property.items), format: undefined};
      const nothing = property.type === 'array' ? [] : '';
      properties[name] = {...property, [extension]: roomValue(name, property, room) ?? documented.value[name] ?? nothing};
    }
    media.schema = {...form, properties};
  }
}

function roomValue(name, property, room) {
  switch (name.toLowerCase()) {
    case 'roomid': return room;
    case 'roomids': return room && [property.items.type === 'string' ? String(room) : room];
  }
}

// prefillPlugin makes Swagger UI use the initial values.
export const prefillPlugin = system => {
  const {getSampleSchema} = system.fn;
  const h = system.React.createElement;
  return {
    // Empty optional fields are not sent unless the user ticks their box.
    wrapComponents: {
      ParameterIncludeEmpty: Original => props =>
        h(Original, {...props, isIncludedOptions: {...props.isIncludedOptions, defaultValue: false}}),
    },
    fn: {
      getSampleSchema(schema, ...rest) {
        const plain = schema?.toJS?.() ?? schema;
        return plain?.[extension] ?? getSampleSchema(schema, ...rest);
      },
    },
  };
};
