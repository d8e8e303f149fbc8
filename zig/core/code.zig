//! The codes that exports return and imports answer with; docs/FORMATS.md says what each means.

pub const Code = enum(i32) {
    success = 0,
    null_state = -1,
    invalid_size = -2,
    compile_failed = -3,
    runtime_failed = -4,
    buffer_overflow = -5,
    out_of_memory = -6,
    bad_snapshot = -7,
    host_failed = -8,
    busy = -9,
    bad_value = -10,
    quota_exceeded = -12,
    unknown_table = -13,
    not_found = -14,
    not_persistable = -15,

    /// What an import answered with: a negative number that we don't know is the host's failure.
    pub fn fromHost(answer: i32) Code {
        if (answer >= 0) return .success;
        return switch (answer) {
            -15...-12, -10...-1 => @fromBackingInt(@intCast(answer)),
            else => .host_failed,
        };
    }

    pub fn toInt(code: Code) i32 {
        return @backingInt(code);
    }

    /// What a script reads when an operation on an external table or the host ends so.
    pub fn text(code: Code) [*:0]const u8 {
        return switch (code) {
            .success => "success",
            .null_state => "no state",
            .invalid_size => "invalid size",
            .compile_failed => "syntax error",
            .runtime_failed => "runtime error",
            .buffer_overflow => "buffer overflow",
            .out_of_memory => "not enough memory",
            .bad_snapshot => "bad snapshot",
            .host_failed => "the host failed",
            .busy => "busy",
            .bad_value => "bad value",
            .quota_exceeded => "quota exceeded",
            .unknown_table => "no such external table",
            .not_found => "not found",
            .not_persistable => "not persistable",
        };
    }
};
