// Railway's API: each request is held against the schema of its GraphQL API, and answered out of state.
//
// Usage: railway.mjs NODE_MODULES     prints its address, and serves until its standard input ends. A
// service is what stands under its id: `/-/scene?service=ID` makes it, `/-/state?service=ID` tells it.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const modules = process.argv[2];
const { buildSchema, graphql } = createRequire(join(modules, "/"))("graphql");

// The types of the client were made from the schema that the API tells of itself; this goes back.
function schemaOf(types) {
  const named = new Map();
  const inputs = new Set();
  for (const [, name, body] of types.matchAll(/^type (\w+) = (?:\w+ & )*\{\n([^]*?)^\};/gm)) {
    // Beside them stand the results of the client's own requests.
    const said = body.match(/__typename\?: '(\w+)'/)?.[1].toLowerCase();
    if (said !== name.toLowerCase() && !/Scalars\[|InputMaybe</.test(body)) continue;
    const fields = [...body.matchAll(/^ {2}(\w+)\??: (.*);$/gm)].filter(([, field]) => field !== "__typename");
    named.set(name, fields.map(([, field, type]) => [field, type]));
    if (/\['input'\]|InputMaybe</.test(body)) inputs.add(name);
  }
  const scalars = new Set();
  const typeOf = (text) => {
    let inner;
    if ((inner = text.match(/^(?:Input)?Maybe<(.*)>$/))) return typeOf(inner[1]).replace(/!$/, "");
    if ((inner = text.match(/^Array<(.*)>$/))) return `[${typeOf(inner[1])}]!`;
    if ((inner = text.match(/^Scalars\['(\w+)'\]/))) {
      scalars.add(inner[1]);
      return `${inner[1]}!`;
    }
    return `${text}!`;
  };
  const out = [];
  for (const [, name, choices] of types.matchAll(/^type (\w+) = ('[^;]*);/gm)) {
    out.push(`enum ${name} { ${choices.replace(/'|\|/g, " ")} }`);
  }
  for (const [, name, choices] of types.matchAll(/^type (\w+) = (\w+(?: \| \w+)*);/gm)) {
    if (choices.split(" | ").every((it) => named.has(it))) out.push(`union ${name} = ${choices}`);
  }
  for (const [name, fields] of named) {
    if (/Args$/.test(name) || fields.length === 0) continue;
    const written = fields.map(([field, type]) => {
      const given = named.get(`${name}${field[0].toUpperCase()}${field.slice(1)}Args`) ?? [];
      const input = given.map(([argument, type]) => `${argument}: ${typeOf(type)}`).join(", ");
      return `  ${field}${input && `(${input})`}: ${typeOf(type)}`;
    });
    out.push(`${inputs.has(name) ? "input" : "type"} ${name} {\n${written.join("\n")}\n}`);
  }
  const own = ["String", "Boolean", "Int", "Float", "ID"];
  return [...scalars].filter((it) => !own.includes(it)).map((it) => `scalar ${it}`).concat(out).join("\n");
}

const client = join(modules, "@crisog/railway-sdk/dist");
const types = readdirSync(client).find((it) => /^graphql-.*\.d\.ts$/.test(it));
const schema = buildSchema(schemaOf(readFileSync(join(client, types), "utf8")));

const services = new Map();

function deploy(it, image) {
  const id = `d${it.deployments.length + 1}`;
  it.deployments.push({ id, image, looks: 0, status: "QUEUED" });
  return id;
}

// A deployment goes on with each look at it; where it becomes healthy, it takes the place of the former.
function look(it, deployment) {
  deployment.looks += 1;
  if (!["QUEUED", "DEPLOYING"].includes(deployment.status)) return deployment;
  if (deployment.looks < 3) deployment.status = "DEPLOYING";
  else if (deployment.image.includes("broken")) deployment.status = "FAILED";
  else {
    for (const other of it.deployments) if (other.status === "SUCCESS") other.status = "REMOVED";
    deployment.status = "SUCCESS";
  }
  return deployment;
}

const found = (serviceId, environmentId) => {
  const it = services.get(serviceId);
  if (!it || environmentId !== "production") throw new Error("Service instance not found");
  return it;
};
const holding = (id) => {
  const [service, name] = id.split("/");
  const it = services.get(service);
  return [it, it?.deployments.find((it) => it.id === name)];
};
const told = (serviceId, { id, status }) => ({ id: `${serviceId}/${id}`, status });

const root = {
  projectToken: () => ({ environmentId: "production" }),
  serviceInstance({ serviceId, environmentId }) {
    const it = found(serviceId, environmentId);
    const newest = it.deployments.at(-1);
    return {
      source: { image: it.image },
      latestDeployment: newest ? told(serviceId, look(it, newest)) : null,
    };
  },
  deployments({ first, input: { serviceId, environmentId, status } }) {
    const it = found(serviceId, environmentId);
    const fitting = it.deployments.filter((it) => status.in.includes(it.status)).reverse().slice(0, first);
    return { edges: fitting.map((node) => ({ node: told(serviceId, node) })) };
  },
  deployment({ id }) {
    const [it, deployment] = holding(id);
    if (!deployment) throw new Error("Deployment not found");
    return told(id.split("/")[0], look(it, deployment));
  },
  serviceInstanceUpdate({ serviceId, environmentId, input }) {
    found(serviceId, environmentId).image = input.source.image;
    return true;
  },
  serviceInstanceDeployV2({ serviceId, environmentId }) {
    const it = found(serviceId, environmentId);
    return `${serviceId}/${deploy(it, it.image)}`;
  },
  deploymentRollback({ id }) {
    const [it, deployment] = holding(id);
    deploy(it, deployment.image);
    return true;
  },
  deploymentCancel({ id }) {
    const [, deployment] = holding(id);
    if (!["QUEUED", "DEPLOYING"].includes(deployment.status)) throw new Error("Deployment is over");
    deployment.status = "REMOVED";
    return true;
  },
};

const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  const answer = (said) => response.end(JSON.stringify(said));
  response.setHeader("content-type", "application/json");
  const service = searchParams.get("service");
  if (pathname === "/-/scene") {
    services.set(service, JSON.parse(body));
    return answer({});
  }
  if (pathname === "/-/state") return answer(services.get(service));
  if (request.headers["project-access-token"] !== "a token") {
    return answer({ errors: [{ message: "Not Authorized" }], data: null });
  }
  const { query, variables } = JSON.parse(body);
  answer(await graphql({ schema, source: query, variableValues: variables, rootValue: root }));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume().on("end", () => process.exit());
