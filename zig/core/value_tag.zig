//! The tags and limits of encoded values; docs/FORMATS.md is their whole truth.

pub const Tag = enum(u8) {
    nil = 0x00,
    boolean = 0x01,
    integer = 0x02,
    float = 0x03,
    string = 0x04,
    table = 0x05,
    back_reference = 0x06,
    external_table = 0x0A,
    /// A value with functions or metatables, of an external table's entry.
    graph = 0x0B,
    _,
};

/// How deep tables may nest in one encoding.
pub const depth_max = 100;
