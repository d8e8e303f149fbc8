/* errno for the freestanding target, with WASI's numbers so that both targets agree;
   zig/libc/errno.zig. */
#ifndef LPW_ERRNO_H
#define LPW_ERRNO_H

extern int errno;
#define errno errno

#define EBADF 8
#define EDOM 18
#define EILSEQ 25
#define EINVAL 28
#define EIO 29
#define ENOENT 44
#define ENOMEM 48
#define ENOSYS 52
#define EOVERFLOW 61
#define ERANGE 68
#define ESPIPE 70

#endif
