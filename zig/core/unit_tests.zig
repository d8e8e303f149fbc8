//! The root of the unit tests: files of the core that need no Lua state.
test {
    _ = @import("AddressMap.zig");
    _ = @import("heap_tests.zig");
    _ = @import("io_buffer.zig");
    _ = @import("options.zig");
}
