/* The C locale, the only one there is, freestanding target; zig/libc/locale.zig. The numbers
   are those of wasi-libc, so that one Zig source serves both. */
#ifndef LPW_LOCALE_H
#define LPW_LOCALE_H

#include <stddef.h>

#define LC_CTYPE 0
#define LC_NUMERIC 1
#define LC_TIME 2
#define LC_COLLATE 3
#define LC_MONETARY 4
#define LC_MESSAGES 5
#define LC_ALL 6

/* Only the fields that Lua reads: C lets an implementation order and add them as it likes. */
struct lconv {
  char *decimal_point;
  char *thousands_sep;
  char *grouping;
};

struct lconv *localeconv(void);
char *setlocale(int category, const char *locale);

#endif
