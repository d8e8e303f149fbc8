//! The standard streams over the host's input and the core's output. There is no file system:
//! opening, removing and renaming fail with ENOSYS.

const builtin = @import("builtin");
const errno = @import("errno.zig");

const host = if (builtin.is_test) @import("test_host.zig") else struct {
    /// Bytes read into `target`; 0 at the end, negative when the host failed.
    extern "env" fn js_input(target: [*]u8, size_max: u32) i32;
    /// The core's: takes all bytes and keeps none of the pointers, or answers 0.
    extern fn lpw_output(source: [*]const u8, size: usize) callconv(.c) c_int;
};

const end_of_file: c_int = -1;
const input_bytes_max = 512;

/// C's FILE. Only input has a buffer: what is written goes to the core at once.
pub const Stream = struct {
    kind: enum { input, output },
    is_at_end: bool = false,
    has_failed: bool = false,

    /// False if the stream is not for writing.
    pub fn write(self: *Stream, bytes: []const u8) bool {
        if (self.kind != .output) {
            self.fail(.bad_descriptor);
            return false;
        }
        if (bytes.len == 0 or host.lpw_output(bytes.ptr, bytes.len) != 0) return true;
        self.fail(.io);
        return false;
    }

    /// Some bytes, at least one; none at the end or on failure, which the flags tell apart.
    fn read(self: *Stream, target: []u8) []u8 {
        if (target.len == 0) return target;
        if (self.kind != .input) {
            self.fail(.bad_descriptor);
            return target[0..0];
        }
        if (input.start == input.end and !input.refill(self)) return target[0..0];
        const length = @min(target.len, input.end - input.start);
        @memcpy(target[0..length], input.buffer[input.start..][0..length]);
        input.start += length;
        return target[0..length];
    }

    fn fail(self: *Stream, code: errno.Code) void {
        self.has_failed = true;
        errno.set(code);
    }
};

const Input = struct {
    /// Byte 0 is room for ungetc at the start.
    buffer: [1 + input_bytes_max]u8,
    /// buffer[start..end] is read but not yet given out.
    start: usize,
    end: usize,

    /// Asks the host for more; false at the end or on failure.
    fn refill(self: *Input, stream: *Stream) bool {
        if (stream.is_at_end) return false; // The end stays until clearerr, as C wants.
        self.start = 1;
        self.end = 1;
        const count = host.js_input(self.buffer[1..].ptr, input_bytes_max);
        if (count < 0 or count > input_bytes_max) {
            stream.fail(.io);
            return false;
        }
        stream.is_at_end = count == 0;
        self.end += @intCast(count);
        return count != 0;
    }
};

// The buffer is left to zeroed memory, for data would make the module longer.
var input: Input = .{ .buffer = @splat(0), .start = 0, .end = 0 };
var stdin_stream: Stream = .{ .kind = .input };
var stdout_stream: Stream = .{ .kind = .output };
var stderr_stream: Stream = .{ .kind = .output };

// C's stdin, stdout and stderr are constant pointers.
const stdin: *Stream = &stdin_stream;
const stdout: *Stream = &stdout_stream;
const stderr: *Stream = &stderr_stream;

fn clearerr(stream: *Stream) callconv(.c) void {
    stream.is_at_end = false;
    stream.has_failed = false;
}

fn feof(stream: *Stream) callconv(.c) c_int {
    return @intFromBool(stream.is_at_end);
}

fn ferror(stream: *Stream) callconv(.c) c_int {
    return @intFromBool(stream.has_failed);
}

fn fread(target: [*]u8, size: usize, count: usize, stream: *Stream) callconv(.c) usize {
    const wanted = size *| count;
    var done: usize = 0;
    while (done < wanted) {
        const piece = stream.read(target[done..wanted]);
        if (piece.len == 0) return done / size; // size isn't 0 where wanted isn't.
        done += piece.len;
    }
    return if (wanted == 0) 0 else count;
}

fn fwrite(source: [*]const u8, size: usize, count: usize, stream: *Stream) callconv(.c) usize {
    const wanted = size *| count;
    if (wanted == 0 or !stream.write(source[0..wanted])) return 0;
    return count;
}

/// Lua calls neither of these two; the C compiler makes them of fprintf.
fn fputc(byte: c_int, stream: *Stream) callconv(.c) c_int {
    const written: u8 = @truncate(@as(c_uint, @bitCast(byte)));
    return if (stream.write(&.{written})) written else end_of_file;
}

fn fputs(text: [*:0]const u8, stream: *Stream) callconv(.c) c_int {
    var length: usize = 0;
    while (text[length] != 0) length += 1;
    return if (stream.write(text[0..length])) 0 else end_of_file;
}

fn getc(stream: *Stream) callconv(.c) c_int {
    var byte: [1]u8 = undefined;
    return if (stream.read(&byte).len == 0) end_of_file else byte[0];
}

/// One byte can always go back, more if they were read just before.
fn ungetc(byte: c_int, stream: *Stream) callconv(.c) c_int {
    if (byte == end_of_file or stream.kind != .input) return end_of_file;
    if (input.start == 0 and input.end == 0) {
        input.start = 1; // Nothing was read yet.
        input.end = 1;
    }
    if (input.start == 0) return end_of_file;
    input.start -= 1;
    const pushed: u8 = @truncate(@as(c_uint, @bitCast(byte)));
    input.buffer[input.start] = pushed;
    stream.is_at_end = false;
    return pushed;
}

/// A line with its newline, or what fits; null at the end if there was nothing.
fn fgets(target: [*]u8, size: c_int, stream: *Stream) callconv(.c) ?[*]u8 {
    if (size <= 0) return null;
    const room: usize = @intCast(size - 1);
    var length: usize = 0;
    while (length < room) {
        const byte = getc(stream);
        if (byte == end_of_file) break;
        target[length] = @intCast(byte);
        length += 1;
        if (byte == '\n') break;
    }
    if (stream.has_failed or (length == 0 and room != 0)) return null;
    target[length] = 0;
    return target;
}

/// Nothing is ever held back.
fn fflush(stream: ?*Stream) callconv(.c) c_int {
    _ = stream;
    return 0;
}

/// Accepted, and without effect: a script can't tell, for nothing is held back.
fn setvbuf(stream: *Stream, buffer: ?[*]u8, mode: c_int, size: usize) callconv(.c) c_int {
    _ = .{ stream, buffer, size };
    return if (mode >= 0 and mode <= 2) 0 else -1;
}

/// The standard streams stay open; there are no others.
fn fclose(stream: *Stream) callconv(.c) c_int {
    _ = stream;
    return 0;
}

fn fseek(stream: *Stream, offset: c_long, whence: c_int) callconv(.c) c_int {
    _ = .{ stream, offset, whence };
    errno.set(.illegal_seek);
    return -1;
}

fn ftell(stream: *Stream) callconv(.c) c_long {
    _ = stream;
    errno.set(.illegal_seek);
    return -1;
}

fn fopen(path: [*:0]const u8, mode: [*:0]const u8) callconv(.c) ?*Stream {
    _ = .{ path, mode };
    return noFile();
}

fn freopen(
    path: ?[*:0]const u8,
    mode: [*:0]const u8,
    stream: *Stream,
) callconv(.c) ?*Stream {
    _ = .{ path, mode, stream };
    return noFile();
}

fn tmpfile() callconv(.c) ?*Stream {
    return noFile();
}

fn tmpnam(name: ?[*]u8) callconv(.c) ?[*]u8 {
    _ = name;
    _ = noFile();
    return null;
}

fn remove(path: [*:0]const u8) callconv(.c) c_int {
    _ = path;
    _ = noFile();
    return -1;
}

fn rename(from: [*:0]const u8, to: [*:0]const u8) callconv(.c) c_int {
    _ = .{ from, to };
    _ = noFile();
    return -1;
}

fn noFile() ?*Stream {
    errno.set(.not_implemented);
    return null;
}

pub const symbols = .{
    .clearerr = &clearerr,
    .fclose = &fclose,
    .feof = &feof,
    .ferror = &ferror,
    .fflush = &fflush,
    .fgets = &fgets,
    .fopen = &fopen,
    .fputc = &fputc,
    .fputs = &fputs,
    .fread = &fread,
    .freopen = &freopen,
    .fseek = &fseek,
    .ftell = &ftell,
    .fwrite = &fwrite,
    .getc = &getc,
    .remove = &remove,
    .rename = &rename,
    .setvbuf = &setvbuf,
    .stderr = &stderr,
    .stdin = &stdin,
    .stdout = &stdout,
    .tmpfile = &tmpfile,
    .tmpnam = &tmpnam,
    .ungetc = &ungetc,
};

const testing = @import("std").testing;

fn feed(text: []const u8) void {
    host.input = text;
    input = .{ .buffer = @splat(0), .start = 0, .end = 0 };
    clearerr(stdin);
}

test "input is read across refills, and the end stays until clearerr" {
    const text: [2 * input_bytes_max]u8 = @splat('a');
    feed(&text);
    var target: [text.len + 5]u8 = undefined;
    try testing.expectEqual('a', getc(stdin));
    try testing.expectEqual(text.len - 1, fread(&target, 1, target.len, stdin));
    try testing.expectEqualStrings(text[1..], target[0 .. text.len - 1]);
    try testing.expectEqual(1, feof(stdin));
    host.input = "more";
    try testing.expectEqual(end_of_file, getc(stdin));
    clearerr(stdin);
    try testing.expectEqual('m', getc(stdin));
}

test "a byte goes back at the start, in the middle and at the end" {
    feed("xy");
    try testing.expectEqual('s', ungetc('s', stdin));
    try testing.expectEqual(end_of_file, ungetc('t', stdin));
    try testing.expectEqual('s', getc(stdin));
    try testing.expectEqual('x', getc(stdin));
    try testing.expectEqual('x', ungetc('x', stdin));
    var target: [4]u8 = undefined;
    try testing.expectEqual(2, fread(&target, 1, 4, stdin));
    try testing.expectEqual(1, feof(stdin));
    try testing.expectEqual('z', ungetc('z', stdin));
    try testing.expectEqual(0, feof(stdin));
    try testing.expectEqual('z', getc(stdin));
    try testing.expectEqual(end_of_file, ungetc(end_of_file, stdin));
    try testing.expectEqual(end_of_file, ungetc('a', stdout));
}

test "a host that fails or lies is an error, not a read" {
    feed("");
    defer host.input_result = null;
    for ([_]i32{ -1, input_bytes_max + 1 }) |result| {
        host.input_result = result;
        clearerr(stdin);
        try testing.expectEqual(end_of_file, getc(stdin));
        try testing.expectEqual(1, ferror(stdin));
        try testing.expectEqual(0, feof(stdin));
        try testing.expectEqual(29, errno.get());
    }
}

test "lines" {
    feed("one\ntwo");
    var target: [4]u8 = undefined;
    try testing.expectEqualStrings("one\x00", fgets(&target, 4, stdin).?[0..4]);
    try testing.expectEqualStrings("\n\x00", fgets(&target, 4, stdin).?[0..2]);
    try testing.expectEqualStrings("two\x00", fgets(&target, 4, stdin).?[0..4]);
    try testing.expectEqual(null, fgets(&target, 4, stdin));
}

test "output goes to the core, the wrong way fails" {
    host.output.clearRetainingCapacity();
    defer host.output.clearAndFree(testing.allocator);
    try testing.expectEqual(2, fwrite("abcd", 2, 2, stdout));
    try testing.expectEqual(1, fwrite("!", 1, 1, stderr));
    try testing.expectEqual('?', fputc('?' - 256, stdout));
    try testing.expectEqual(0, fputs("ef", stdout));
    try testing.expectEqualStrings("abcd!?ef", host.output.items);
    try testing.expectEqual(end_of_file, fputc('x', stdin));
    try testing.expectEqual(end_of_file, fputs("x", stdin));
    try testing.expectEqual(0, fwrite("x", 1, 1, stdin));
    try testing.expectEqual(1, ferror(stdin));
    try testing.expectEqual(end_of_file, getc(stdout));
    try testing.expectEqual(8, errno.get());
    clearerr(stdout);
    try testing.expectEqual(0, ferror(stdout));
}

test "there are no files" {
    try testing.expectEqual(null, fopen("a", "r"));
    try testing.expectEqual(52, errno.get());
    try testing.expectEqual(-1, fseek(stdin, 0, 0));
    try testing.expectEqual(70, errno.get());
    try testing.expectEqual(-1, remove("a"));
    try testing.expectEqual(-1, rename("a", "b"));
    try testing.expectEqual(null, tmpfile());
    try testing.expectEqual(null, tmpnam(null));
}
