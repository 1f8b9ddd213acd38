// Vercel's own client library, which is made of the published description of its API, asks all that the
// stand-in answers. It refuses an answer that is not as published.
//
// Usage: vercel-sdk.mjs NODE_MODULES ADDRESS PROJECT     prints a line of JSON for each answer: what was
// asked, and either what the library read or what it refused.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, serverURL, idOrName] = process.argv.slice(2);
const library = createRequire(join(modules, "/")).resolve("@vercel/sdk");
const { Vercel } = await import(pathToFileURL(library));
const vercel = new Vercel({ serverURL, bearerToken: "atoken", retryConfig: { strategy: "none" } });
const teamId = "team_1";

async function ask(name, asked) {
  const [part, call] = name.split(".");
  try {
    const read = (await vercel[part][call](asked)) ?? {};
    console.log(JSON.stringify({ name, read }));
    return read;
  } catch (error) {
    console.log(JSON.stringify({ name, refused: error.cause?.issues ?? `${error}: ${error.cause ?? error.body ?? ""}` }));
    return {};
  }
}

await ask("user.getAuthUser");
await ask("teams.getTeam", { teamId });
await ask("teams.getTeams", {});
await ask("projects.getProject", { idOrName, teamId });
const content = Buffer.from("<h1>it works</h1>\n");
const sha = createHash("sha1").update(content).digest("hex");
const file = { teamId, contentLength: content.length, xNowDigest: sha, requestBody: content };
await ask("deployments.uploadFile", file);
const { id } = await ask("deployments.createDeployment", {
  teamId,
  requestBody: { name: idOrName, project: idOrName, target: "production", files: [{ file: "index.html", sha, size: content.length }] },
});
for (const look of [1, 2, 3]) await ask("deployments.getDeployment", { idOrUrl: id, teamId });
await ask("deployments.getDeployments", { projectId: idOrName, teamId, target: "production", limit: 50 });
await ask("projects.requestPromote", { projectId: idOrName, deploymentId: id, teamId });
await ask("projects.listPromoteAliases", { projectId: idOrName, teamId });
await ask("projects.getProject", { idOrName, teamId });
