/** The kinds of things that a module's bytes belong to. */

export type PartKind =
  /** The magic number and the version. */
  | "header"
  /** A section's id, length and count of entries. */
  | "section"
  | "type"
  | "import"
  /** Its declaration and its body. */
  | "function"
  | "table"
  | "memory"
  | "tag"
  | "global"
  | "export"
  | "start"
  /** A whole element segment. */
  | "element"
  | "data-count"
  /** What says where a data segment goes: form, place, length. */
  | "segment"
  /** A subsection of the name section. */
  | "names"
  /** Any other custom section, whole. */
  | "custom";

/** A data segment's content is cut into pieces, each an item of its own. */
export type ItemKind = PartKind | "data";
