// Answers questions about workflows as GitHub would, by its own parser and its own evaluator of
// expressions: one JSON value on each line of standard input, one on each line of standard output.
//
//   {"read": TEXT}                          the workflow as a tree, in which an expression is
//                                           {"$": EXPRESSION, "in": [what may stand in it]}
//   {"evaluate": TREE, "contexts": {…}}     the tree with values in place of its expressions
//   {"holds": EXPRESSION, "contexts": {…}, "status": {"success": true, …}}
//                                           whether a condition of a job or a step holds
//   {"matches": [PATTERN…], "name": NAME}   whether a filter of branches, tags or paths lets NAME pass
//
// The answer is {"is": VALUE}, or {"error": MESSAGE}.

import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { Evaluator, Lexer, Parser, data } from "@actions/expressions";
import { TokenType as Lexed } from "@actions/expressions/lexer";
import { truthy } from "@actions/expressions/result";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { ensureStatusFunction } from "@actions/workflow-parser/model/converter/if-condition";
import { splitAllowedContext } from "@actions/workflow-parser/templates/allowed-context";
import { TokenType } from "@actions/workflow-parser/templates/tokens/types";

// What may stand in a condition that is not written, as the parser's schema says it of one that is.
const STATUS = ["always(0,0)", "failure(0,0)", "cancelled(0,0)", "success(0,0)"];

function read(text) {
  const file = { name: "workflow.yml", content: text };
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
  const errors = context.errors.getErrors().map((it) => it.message);
  if (errors.length) throw new Error(errors.join("\n"));
  const tree = plain(value);
  for (const [id, job] of Object.entries(tree.jobs)) {
    const token = value.find("jobs").find(id);
    job.if = condition(token.find("if"));
    job.steps?.forEach((step, i) => {
      step.if = condition(token.find("steps").get(i).find("if"));
    });
  }
  return tree;
}

function plain(token) {
  switch (token.templateTokenType) {
    case TokenType.Mapping:
      return Object.fromEntries([...token].map((it) => [it.key.toString(), plain(it.value)]));
    case TokenType.Sequence:
      return [...token].map(plain);
    case TokenType.BasicExpression:
      return expression(token.expression, token.definitionInfo?.allowedContext ?? []);
    case TokenType.InsertExpression:
      throw new Error("an expression that stands for keys is not known here");
    case TokenType.Null:
      return null;
    default:
      return token.value;
  }
}

function expression(text, allowed) {
  return { $: text, in: allowed };
}

function condition(token) {
  if (!token) return expression("success()", STATUS);
  const said = token.templateTokenType === TokenType.BasicExpression ? token.expression : String(token.value);
  const text = said.trim() === "" ? "success()" : ensureStatusFunction(said, token.definitionInfo);
  return expression(text, token.definitionInfo.allowedContext);
}

// The names and the functions that may stand at a place are those that GitHub's schema lists there, and
// each context must be given.
function evaluate({ $: text, in: allowed }, contexts, status) {
  const { namedContexts, functions } = splitAllowedContext(allowed);
  const implemented = functions.map((it) => ({ ...it, call: (...words) => call(it.name, words, status) }));
  const tree = new Parser(tokens(text), namedContexts, functions).parse();
  const given = new data.Dictionary();
  for (const name of namedContexts) given.add(name, value(contexts[name] ?? {}));
  return new Evaluator(tree, given, new Map(implemented.map((it) => [it.name.toLowerCase(), it]))).evaluate();
}

// In a string, two quotes are one: all of them, as GitHub reads it, where the package takes the first.
function tokens(text) {
  return new Lexer(text).lex().tokens.map((it) => {
    if (it.type !== Lexed.STRING) return it;
    return { ...it, value: it.lexeme.slice(1, -1).replaceAll("''", "'") };
  });
}

function call(name, words, status) {
  const known = status?.[name.toLowerCase()];
  if (known !== undefined) return new data.BooleanData(known);
  // Caches are not kept here, so that a key need only be one for each list of patterns.
  if (name === "hashFiles") {
    const patterns = words.map((it) => it.coerceString()).join("\n");
    return new data.StringData(createHash("sha256").update(patterns).digest("hex"));
  }
  throw new Error(`the function ${name} is not known here`);
}

function value(it) {
  return JSON.parse(JSON.stringify(it), data.reviver);
}

function evaluated(tree, contexts) {
  if (Array.isArray(tree)) return tree.map((it) => evaluated(it, contexts));
  if (tree === null || typeof tree !== "object") return tree;
  if ("$" in tree) return JSON.parse(JSON.stringify(evaluate(tree, contexts), data.replacer));
  return Object.fromEntries(Object.entries(tree).map(([key, it]) => [key, evaluated(it, contexts)]));
}

// The last pattern that fits decides, and one that begins with `!` takes back.
function matches(patterns, name) {
  let passes = false;
  for (const pattern of patterns) {
    const takesBack = pattern.startsWith("!");
    if (filter(takesBack ? pattern.slice(1) : pattern).test(name)) passes = !takesBack;
  }
  return passes;
}

function filter(pattern) {
  const parts = pattern.match(/\*\*\/?|\*|\?|\+|\[[^\]]*\]|\\.|[^]/g) ?? [];
  const written = parts.map((it) => {
    if (it === "**/") return "(?:.*/)?";
    if (it === "**") return ".*";
    if (it === "*") return "[^/]*";
    if (it === "?" || it === "+" || it.startsWith("[") || it.startsWith("\\")) return it;
    return it.replace(/[.^$(){}|\]/]/, "\\$&");
  });
  return new RegExp(`^${written.join("")}$`);
}

function answer(question) {
  if ("read" in question) return read(question.read);
  if ("evaluate" in question) return evaluated(question.evaluate, question.contexts);
  if ("holds" in question) return truthy(evaluate(question.holds, question.contexts, question.status));
  if ("matches" in question) return matches(question.matches, question.name);
  throw new Error("the question is not known");
}

createInterface({ input: process.stdin }).on("line", (line) => {
  let said;
  try {
    said = { is: answer(JSON.parse(line)) };
  } catch (error) {
    said = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
});
