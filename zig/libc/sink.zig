//! Where printf writes: as much as fits into a buffer, or all of it to a stream.

const stdio = @import("stdio.zig");

/// Where the text goes: as much as fits into `buffer`, or all to `stream`.
pub const Sink = struct {
    buffer: []u8 = &.{},
    stream: ?*stdio.Stream = null,
    /// Bytes written, or that would have been had the buffer been longer.
    written: usize = 0,
    is_measuring: bool = false,
    has_failed: bool = false,

    pub fn put(self: *Sink, bytes: []const u8) void {
        if (!self.is_measuring) {
            if (self.stream) |stream| {
                if (!stream.write(bytes)) self.has_failed = true;
            } else if (self.written < self.buffer.len) {
                const room = self.buffer[self.written..];
                const fits = @min(bytes.len, room.len);
                @memcpy(room[0..fits], bytes[0..fits]);
            }
        }
        self.written +|= bytes.len;
    }

    pub fn putByte(self: *Sink, byte: u8) void {
        self.put(&.{byte});
    }

    pub fn repeat(self: *Sink, byte: u8, count: usize) void {
        var chunk: [16]u8 = @splat(byte);
        var left = count;
        // What no longer fits is only counted, for a script may ask for gigabytes of padding.
        if (self.is_measuring or (self.stream == null and self.written >= self.buffer.len)) {
            self.written +|= count;
            return;
        }
        while (left != 0) {
            const length = @min(left, chunk.len);
            self.put(chunk[0..length]);
            left -= length;
        }
    }

    pub fn putDigits(self: *Sink, digits: []const u8, case: u8) void {
        for (digits) |digit| self.putByte(digitText(digit, case));
    }
};

/// `case` is the conversion's letter, whose case the digits follow.
pub fn digitText(digit: u8, case: u8) u8 {
    return if (digit < 10) '0' + digit else (case & 32 | 'A') + (digit - 10);
}
