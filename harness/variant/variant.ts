/** What a variant is: one value for each build axis, and the id that names it. */
import { targets, unwinds } from "../../runtime/abi/abi.ts";

/** The axes of the full factorial, in the order in which they stand in an id. */
export const axes = {
  target: targets,
  optimize: ["Debug", "ReleaseSafe", "ReleaseFast", "ReleaseSmall"],
  unwind: unwinds,
  post: ["none", "opt"],
} as const;

export type AxisName = keyof typeof axes;
export type AxisValue<Name extends AxisName = AxisName> = (typeof axes)[Name][number];
export type Target = AxisValue<"target">;
export type Optimize = AxisValue<"optimize">;
export type Unwind = AxisValue<"unwind">;
export type Post = AxisValue<"post">;

/** One value per axis. A later axis joins with a default, which ids leave out. */
export interface AxisValues {
  readonly target: Target;
  readonly optimize: Optimize;
  readonly unwind: Unwind;
  readonly post: Post;
}

export interface Variant extends AxisValues {
  readonly id: string;
}

export const axisNames = Object.keys(axes).filter(isAxisName);

/** How an id writes a mode of optimization; the values of other axes stand as they are. */
const optimizeTokens = {
  Debug: "debug",
  ReleaseSafe: "safe",
  ReleaseFast: "fast",
  ReleaseSmall: "small",
} as const satisfies Record<Optimize, string>;

/** The ids of the full factorial: a list of them that names another one does not compile. */
export type VariantId = `${Target}-${(typeof optimizeTokens)[Optimize]}-${Unwind}-${Post}`;

function isAxisName(name: string): name is AxisName {
  return Object.hasOwn(axes, name);
}

/** An axis value as ids write it. */
export function idToken(value: AxisValue): string {
  return value in optimizeTokens ? optimizeTokens[value as Optimize] : value;
}

function variantId(values: AxisValues): string {
  return axisNames.map((axis) => idToken(values[axis])).join("-");
}

export function variantOf({ target, optimize, unwind, post }: AxisValues): Variant {
  return { id: variantId({ target, optimize, unwind, post }), target, optimize, unwind, post };
}
