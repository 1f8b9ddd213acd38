// Reads workflows as GitHub does, by its own parser, and then as its editors do, by their language
// service. Prints one line for each finding; the exit status is 1 where there is one.
//
// Usage: node service.js CATALOGUE FOLDER

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@actions/languageservice";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { TextDocument } from "vscode-languageserver-textdocument";

const [catalogue, folder] = process.argv.slice(2);
const actions = JSON.parse(readFileSync(catalogue, "utf8")).actions;

// The inputs of actions, which an editor would ask GitHub for.
const actionsMetadataProvider = {
  async fetchActionMetadata({ owner, name, ref, path }) {
    const releases = actions[[owner, name, path].filter(Boolean).join("/")] ?? [];
    const inputs = releases.find((it) => it.sha === ref)?.inputs;
    return inputs && { name, description: "", inputs };
  },
};

// What a language server takes for a note: that a time is read as "at 04:00 AM", for example.
const INFORMATION = 3;

async function main() {
  let count = 0;
  const say = (where, who, message) => {
    count += 1;
    console.log(`${where}: ${who}: ${message}`);
  };
  for (const name of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, name), "utf8");
    const { context } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
    for (const error of context.errors.getErrors()) {
      say(name, "parser", error.message);
    }
    const document = TextDocument.create(`file:///.github/workflows/${name}`, "yaml", 1, text);
    for (const { range, severity, message } of await validate(document, { actionsMetadataProvider })) {
      if (severity === undefined || severity < INFORMATION) {
        say(`${name}:${range.start.line + 1}:${range.start.character + 1}`, "service", message);
      }
    }
  }
  process.exitCode = count ? 1 : 0;
}

main();
