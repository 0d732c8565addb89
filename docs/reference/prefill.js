// What the fields of a form hold before anything is typed: the documented
// example, which is a request that makes sense, and not every optional field at
// once. The room is the one that was created on this page last.

const extension = 'x-prefill';

// prefill notes on each property of each form what its field begins with.
export function prefill(document, room) {
  const {schemas} = document.components;
  const resolve = schema => schema.$ref ? schemas[schema.$ref.split('/').pop()] : schema;
  for (const {post} of Object.values(document.paths)) {
    const media = post.requestBody.content['application/x-www-form-urlencoded'];
    const form = resolve(media.schema);
    const [documented] = Object.values(media.examples);
    const properties = {};
    for (const [name, reference] of Object.entries(form.properties)) {
      const property = {...resolve(reference)}; // in place of the reference, which can have nothing beside it
      // Of the formats of elements Swagger UI complains on the console that it has no field for them.
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

// prefillPlugin makes Swagger UI begin with these values.
export const prefillPlugin = system => {
  const {getSampleSchema} = system.fn;
  const h = system.React.createElement;
  return {
    // Optional fields that are empty are left out, unless their box is ticked.
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
