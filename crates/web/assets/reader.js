// Shows the description of the API as a page. Everything is set as text: the description is data.
"use strict";

const make = (tag, text, ...children) => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};

const nameOf = (schema) => {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  const many = schema.oneOf ?? schema.anyOf;
  if (many) return many.map(nameOf).join(" or ");
  const type = [schema.type ?? "any"].flat().join(" or ");
  return schema.items ? `list of ${nameOf(schema.items)}` : type;
};

const table = (head, rows) => {
  const cells = (row, tag) => make("tr", "", ...row.map((text) => make(tag, text ?? "")));
  return make("table", "", cells(head, "th"), ...rows.map((row) => cells(row, "td")));
};

const fields = (schema) =>
  table(
    ["field", "type", "meaning"],
    Object.entries(schema.properties ?? {}).map(([name, field]) => [name, nameOf(field), field.description]),
  );

const route = (path, method, about) => {
  const title = make("summary", "", make("b", method.toUpperCase()), path);
  const body = make("details", "", title, make("p", about.description ?? about.summary ?? ""));
  const asked = (about.parameters ?? []).map((it) => [it.name, nameOf(it.schema), it.description]);
  if (asked.length) body.append(table(["parameter", "type", "meaning"], asked));
  const sent = about.requestBody?.content?.["application/json"]?.schema;
  if (sent) body.append(make("p", `Send: ${nameOf(sent)}`));
  for (const [status, answer] of Object.entries(about.responses ?? {})) {
    const shape = Object.values(answer.content ?? {})[0]?.schema;
    body.append(make("p", `${status}: ${nameOf(shape) || "nothing"}`));
  }
  return body;
};

const show = async () => {
  const about = document.getElementById("about");
  const answer = await fetch("/api/v1/openapi.json");
  if (!answer.ok) {
    about.textContent = "Log in first, then come back: the description is for those who may read.";
    return;
  }
  const description = await answer.json();
  about.textContent = description.info.description ?? "";
  const routes = document.getElementById("routes");
  for (const [path, methods] of Object.entries(description.paths))
    for (const [method, about] of Object.entries(methods)) routes.append(route(path, method, about));
  routes.append(make("h2", "Shapes"));
  for (const [name, schema] of Object.entries(description.components.schemas))
    routes.append(make("details", "", make("summary", name), make("p", schema.description ?? ""), fields(schema)));
};

show();
