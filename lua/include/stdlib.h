/* What Lua takes from <stdlib.h>, freestanding target; zig/libc/process.zig and
   zig/libc/parse_number.zig. malloc and friends belong to the core's allocator. */
#ifndef LPW_STDLIB_H
#define LPW_STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

_Noreturn void abort(void);
_Noreturn void exit(int status);
char *getenv(const char *name);
int system(const char *command);
double strtod(const char *restrict text, char **restrict end);

void *malloc(size_t size);
void *realloc(void *block, size_t size);
void free(void *block);

static inline int abs(int value) { return value < 0 ? -value : value; }

#endif
