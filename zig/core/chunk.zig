//! Code from the host, compiled: as an expression when it is one, else as a chunk.
const host_function = @import("host_function.zig");
const lua = @import("lua.zig");
const options = @import("options.zig");
const c = lua.c;

const chunk_name = "=eval";

/// Code as `lua_load` reads it, perhaps with "return " before it.
const Source = struct {
    prefix: []const u8,
    body: Body,

    const Body = union(enum) { buffered: []const u8, pulled: *host_function.SourceReader };

    fn read(_: ?*lua.State, data: ?*anyopaque, size: [*c]usize) callconv(.c) [*c]const u8 {
        const source: *Source = @ptrCast(@alignCast(data.?));
        var piece = source.prefix;
        source.prefix = "";
        if (piece.len == 0) switch (source.body) {
            .buffered => |code| {
                piece = code;
                source.body = .{ .buffered = "" };
            },
            .pulled => |reader| piece = reader.next(),
        };
        size.* = piece.len;
        return if (piece.len == 0) null else piece.ptr;
    }
};

/// Where the code is: in the I/O buffer, or with the host, which hands over so many bytes.
pub const Origin = union(enum) { buffered: []const u8, pulled: usize };

/// Pushes the compiled code or raises its syntax error. True: it is an expression, and that a
/// call, which could stand as a statement too. [-0, +1, v]
pub fn push(L: *lua.State, origin: Origin) bool {
    const compiled = switch (origin) {
        .buffered => |code| compile(L, .{ .buffered = code }),
        .pulled => |length| pulled: {
            var reader = host_function.SourceReader.open(L, "") orelse
                lua.raiseText(L, "the host gave other code than it promised", .{});
            reader.failed = reader.total != length;
            const compiled = compile(L, .{ .pulled = &reader });
            reader.close();
            if (reader.failed) {
                lua.raiseText(L, "the host gave other code than it promised", .{});
            }
            break :pulled compiled;
        },
    };
    switch (compiled.status) {
        .ok => return compiled.is_expression and c.lpw_returns_call(L) != 0,
        .memory => c.lpw_raise_memory(L),
        else => lua.raise(L),
    }
}

const Compiled = struct { status: lua.Status, is_expression: bool };

/// Pushes the function, or what went wrong with the code as a chunk; raises nothing. No finalizer
/// may print over code in the I/O buffer: the collector makes no steps between scripts. [-0, +1, -]
fn compile(L: *lua.State, body: Source.Body) Compiled {
    const status = load(L, .{ .prefix = "return ", .body = body });
    if (status == .ok or status == .memory) return .{ .status = status, .is_expression = true };
    lua.pop(L, 1);
    if (body == .pulled) body.pulled.offset = 0;
    const chunk = load(L, .{ .prefix = "", .body = body });
    return .{ .status = chunk, .is_expression = false };
}

fn load(L: *lua.State, source: Source) lua.Status {
    var rest = source;
    const mode: ?[*:0]const u8 = if (options.active.bytecode == .trusted) null else "t";
    return @fromBackingInt(@intCast(c.lua_load(L, Source.read, &rest, chunk_name, mode)));
}
