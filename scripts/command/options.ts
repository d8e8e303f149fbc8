/** The options of a command as one schema: its help, its parser and its types follow from that. */
import { type Command, Option } from "commander";
import { z } from "zod";
import { UsageError } from "./usage.ts";

/** What a command may say, by its name in camel case: `updateBaseline` is `--update-baseline`. */
export type OptionsSchema = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

interface Shown {
  /** Of its value; absent where it has none. */
  readonly placeholder?: string;
  readonly description: string;
}

/** What the help says of each option, by its schema: no two options may have one schema. */
const shown = z.registry<Shown>();

/** An option with a value: the schema reads its text. */
export function option<Schema extends z.ZodType>(
  schema: Schema,
  placeholder: string,
  description: string,
): Schema {
  shown.add(schema, { placeholder, description });
  return schema;
}

/** An option without a value: it is there or not. */
export function flag(description: string) {
  return z.boolean().default(false).register(shown, { description });
}

export const text = z.string().refine((value) => value.trim() !== "", "It must not be empty.");

export const names = z
  .string()
  .transform((value) => [...new Set(value.split(",").map((name) => name.trim()))])
  .refine((list) => !list.includes(""), "It must be names joined by commas.");

export function wholeFrom(least: number) {
  return z
    .string()
    .refine(
      (value) =>
        /^\d+$/.test(value) && Number.isSafeInteger(Number(value)) && Number(value) >= least,
      `It must be a whole number from ${least} on.`,
    )
    .transform(Number);
}

export const positive = z
  .string()
  .refine(
    (value) => /^\d+(\.\d+)?$/.test(value) && Number(value) > 0,
    "It must be a number above 0.",
  )
  .transform(Number);

/** Adds the options of the schema to the command, in their order. */
export function addOptions(command: Command, schema: OptionsSchema): Command {
  for (const [name, field] of Object.entries(schema.shape)) {
    const { description } = shownOf(name, field);
    command.addOption(new Option(flagsOf(name, field), `${description}${presetText(field)}`));
  }
  return command;
}

/** What commander read, by the schema. Throws UsageError. */
export function optionsOf<Schema extends OptionsSchema>(
  given: Readonly<Record<string, unknown>>,
  schema: Schema,
): z.output<Schema> {
  const there = Object.entries(given).filter(([, value]) => value !== undefined);
  const parsed = schema.safeParse(Object.fromEntries(there));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0]);
  const field = schema.shape[name];
  const flags = field === undefined ? name : flagsOf(name, field);
  throw new UsageError(
    `option '${flags}' argument '${String(given[name])}' is invalid. ${issue?.message}`,
  );
}

function shownOf(name: string, field: z.ZodType): Shown {
  const found = shown.get(field);
  if (found === undefined) throw new TypeError(`the option ${name} is not described`);
  return found;
}

function flagsOf(name: string, field: z.ZodType): string {
  const { placeholder } = shownOf(name, field);
  const long = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return placeholder === undefined ? long : `${long} <${placeholder}>`;
}

/** What holds where it is not given. */
function presetText(field: z.ZodType): string {
  const preset: unknown = field instanceof z.ZodDefault ? field.def.defaultValue : false;
  if (preset === false) return "";
  return ` (default: ${Array.isArray(preset) ? preset.join(",") : preset})`;
}
