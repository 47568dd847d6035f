// The service's own OpenAPI description, readable without anything from elsewhere.

import "./theme.js";

const main = document.getElementById("operations");

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function schemaBlock(title, schema) {
  const block = element("pre", JSON.stringify(schema, null, 2));
  block.tabIndex = 0; // wide ones are scrolled by keyboard
  return element("details", "", element("summary", title), block);
}

const description = await (await fetch("/openapi.json")).json();
for (const [path, methods] of Object.entries(description.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    const section = element("section", "", element("h2", `${method.toUpperCase()} ${path}`), element("p", operation.summary));
    for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {})) {
      section.append(schemaBlock(`Body as ${type}`, schema));
    }
    for (const [status, answer] of Object.entries(operation.responses)) {
      section.append(schemaBlock(`${status}: ${answer.description}`, answer.content?.["application/json"]?.schema ?? {}));
    }
    main.append(section);
  }
}
main.append(element("section", "", element("h2", "Shapes"), schemaBlock("All shapes", description.components.schemas)));
