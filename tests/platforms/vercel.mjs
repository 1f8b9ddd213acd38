// Vercel's API, as far as its command line and the scripts ask, answered out of state. Vercel's own library
// reads its answers (vercel-sdk.mjs).
//
// Usage: vercel.mjs     prints its address and the path of its certificate, and serves until its standard
// input ends. `/-/scene?project=ID` makes a project, `/-/state?project=ID` tells it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The command line speaks with nobody but over TLS.
const folder = mkdtempSync(join(tmpdir(), "vercel-"));
const [key, cert] = ["key.pem", "cert.pem"].map((it) => join(folder, it));
const made = spawnSync("openssl", [
  "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
  "-keyout", key, "-out", cert, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
]);
if (made.status !== 0) throw new Error(`openssl: ${made.error ?? made.stderr}`);

const projects = new Map();
const files = new Set();
const unknown = [];
const team = { id: "team_1", slug: "acme", name: "Acme", billing: { plan: "pro" }, membership: { role: "OWNER" } };
const user = { id: "user_1", uid: "user_1", username: "acme", email: "a@example.com", name: "A", version: "northstar" };

const FAULT = { errorCode: "BUILD_FAILED", errorMessage: 'Command "npm run build" exited with 1' };

const told = (project, it) => ({
  ...it, uid: it.id, url: `${it.id}.vercel.app`, name: project.id, projectId: project.id, ownerId: team.id,
  readyState: it.state, state: it.state, status: it.state, aliasAssigned: it.state === "READY", alias: [],
  build: { env: [] }, env: [], meta: it.meta ?? {}, plan: team.billing.plan, ...(it.state === "ERROR" && FAULT), target: "production", type: "LAMBDAS",
  version: 2, regions: [], creator: user, team, inspectorUrl: null, projectSettings: {}, checksState: "completed",
});
// A deployment is built by the fourth look at it.
const look = (it) => {
  it.looks = (it.looks ?? 0) + 1;
  if (it.state === "BUILDING" && it.looks > 3) it.state = it.broken ? "ERROR" : "READY";
  return it;
};
const holding = (id) => {
  for (const project of projects.values()) {
    const it = project.deployments.find((it) => it.id === id || `${it.id}.vercel.app` === id);
    if (it) return [project, it];
  }
  return [];
};

function answer(method, path, query, headers, body) {
  const route = `${method} ${path}`;
  let found;
  if (headers.authorization !== "Bearer atoken") return [403, { error: { code: "forbidden", message: "Not authorized" } }];
  if (/^GET \/v2\/user$/.test(route)) return [200, { user }];
  if (/^GET (\/v\d+)?\/teams\/team_1$/.test(route)) return [200, team];
  if (/^GET \/(v\d+)\/teams$/.test(route)) return [200, { teams: [team], pagination: { count: 1 } }];
  if ((found = route.match(/^GET \/v9\/projects\/(\w+)$/))) {
    const it = projects.get(found[1]);
    if (!it || query.get("teamId") !== team.id) return [404, { error: { code: "not_found", message: "Project not found." } }];
    const live = it.deployments.find((one) => one.id === it.production);
    const resources = { functionDefaultRegions: ["iad1"] };
    return [200, {
      id: it.id, name: it.id, accountId: team.id, alias: [], framework: null, nodeVersion: "22.x",
      targets: live ? { production: told(it, live) } : {}, lastAliasRequest: it.request ?? null,
      rootDirectory: null, latestDeployments: [], defaultResourceConfig: resources,
      resourceConfig: resources, deploymentExpiration: {},
    }];
  }
  if (/^GET \/v3\/env\/pull\/\w+\/production$/.test(route)) return [200, { env: { GREETING: "hello" }, buildEnv: {} }];
  if (route === "POST /v2/files") {
    if (createHash("sha1").update(body).digest("hex") !== headers["x-now-digest"]) return [400, { error: { code: "digest" } }];
    files.add(headers["x-now-digest"]);
    return [200, {}];
  }
  if (route === "POST /v13/deployments") {
    const asked = JSON.parse(body);
    const missing = asked.files.map((it) => it.sha).filter((it) => !files.has(it));
    if (missing.length) return [400, { error: { code: "missing_files", message: "Missing files", missing } }];
    const it = projects.get(asked.project ?? asked.name);
    const made = {
      id: `dpl_${it.id}${it.deployments.length + 1}`, created: Date.now() + it.deployments.length, createdAt: Date.now(),
      meta: asked.meta, looks: 0, state: "BUILDING", prebuilt: query.get("prebuilt") === "1",
      files: asked.files.map((it) => it.file).sort(), broken: it.broken,
    };
    it.deployments.push(made);
    // Without that word, Vercel leads the domains there by itself.
    if (asked.target === "production" && asked.autoAssignCustomDomains !== false) it.production = made.id;
    return [200, told(it, made)];
  }
  if ((found = route.match(/^GET \/v13\/deployments\/([\w.-]+)$/))) {
    const [project, it] = holding(found[1]);
    if (!it) return [404, { error: { code: "not_found", message: "Deployment not found" } }];
    return [200, told(project, look(it))];
  }
  if (/^GET \/v[67]\/deployments$/.test(route)) {
    const it = projects.get(query.get("projectId"));
    const newest = it.deployments.toReversed().map((one) => told(it, look(one)));
    return [200, { deployments: newest, pagination: {} }];
  }
  if ((found = route.match(/^POST \/v10\/projects\/(\w+)\/promote\/(\w+)$/))) {
    const it = projects.get(found[1]);
    const [, deployment] = holding(found[2]);
    if (deployment?.state !== "READY") return [409, { error: { code: "conflict", message: "Not ready" } }];
    it.request = { fromDeploymentId: it.production, toDeploymentId: deployment.id, jobStatus: "succeeded", requestedAt: Date.now(), type: "promote" };
    it.production = deployment.id;
    return [201, {}];
  }
  if (/^GET \/v[19]\/projects\/\w+\/promote\/aliases$/.test(route)) return [200, { aliases: [], pagination: {} }];
  if (/\/events$/.test(path)) return [200, []];
  unknown.push(route);
  return [404, { error: { code: "not_found", message: `the stand-in does not know ${route}` } }];
}

const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  response.setHeader("content-type", "application/json");
  const id = searchParams.get("project");
  let said;
  if (pathname === "/-/scene") projects.set(id, { id, ...JSON.parse(body) }), (said = [200, {}]);
  else if (pathname === "/-/state") said = [200, { ...projects.get(id), unknown }];
  else said = answer(request.method, pathname, searchParams, request.headers, body);
  if (process.env.TRACE) console.error(request.method, request.url, said[0]);
  response.statusCode = said[0];
  response.end(JSON.stringify(said[1]));
});
server.listen(0, "127.0.0.1", () => console.log(`https://127.0.0.1:${server.address().port} ${cert}`));
process.stdin.resume().on("end", () => {
  rmSync(folder, { recursive: true });
  process.exit();
});
