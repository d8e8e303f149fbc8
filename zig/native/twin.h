/*
 * How the native twin is configured: upstream's internal tests (ltests.h: asserts, tiny buffers, a
 * checked allocator), then our limits in the place of theirs.
 */
#ifndef LUA_PERSISTENT_WASM_TWIN_H
#define LUA_PERSISTENT_WASM_TWIN_H

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ltests.h"

#include "lua_dialect.h"

#undef LUAI_MAXCCALLS
#define LUAI_MAXCCALLS TWIN_MAXCCALLS

/* ltests.h would have Lua write and read hexadecimal floats itself; our libc's are to be tested. */
#define lua_strx2number(s, p) lua_str2number(s, p)
#define lua_number2strx(L, b, sz, f, n) ((void)(L), l_sprintf(b, sz, f, (LUAI_UACNUMBER)(n)))

/* Temporary files lie in the folder of the run, which is removed. */
#define LUA_TMPNAMTEMPLATE "lua_XXXXXX"

/* These calls reach our libc (zig/native/twin_libc.zig), all others the host's. */
#define LPW_OURS(name) extern __typeof__(name) name __asm__("ours_" #name);

/* zig/libc/ctype.zig and string.zig. */
LPW_OURS(isalnum)
LPW_OURS(isalpha)
LPW_OURS(iscntrl)
LPW_OURS(isdigit)
LPW_OURS(isgraph)
LPW_OURS(islower)
LPW_OURS(ispunct)
LPW_OURS(isspace)
LPW_OURS(isupper)
LPW_OURS(isxdigit)
LPW_OURS(tolower)
LPW_OURS(toupper)
LPW_OURS(memchr)
LPW_OURS(strchr)
LPW_OURS(strcmp)
LPW_OURS(strcoll)
LPW_OURS(strcpy)
LPW_OURS(strncmp)
LPW_OURS(strpbrk)
LPW_OURS(strspn)
LPW_OURS(strstr)
/* zig/libc/math.zig, arctangent.zig, exponential.zig and trigonometry.zig. */
LPW_OURS(acos)
LPW_OURS(asin)
LPW_OURS(atan2)
LPW_OURS(ceil)
LPW_OURS(cos)
LPW_OURS(exp)
LPW_OURS(fabs)
LPW_OURS(floor)
LPW_OURS(frexp)
LPW_OURS(ldexp)
LPW_OURS(log)
LPW_OURS(log10)
LPW_OURS(log2)
LPW_OURS(pow)
LPW_OURS(sin)
LPW_OURS(sqrt)
LPW_OURS(tan)
/* Numbers and their texts, dates, the locale. */
LPW_OURS(fprintf)
LPW_OURS(gmtime_r)
LPW_OURS(localeconv)
LPW_OURS(localtime_r)
LPW_OURS(mktime)
LPW_OURS(setlocale)
LPW_OURS(snprintf)
LPW_OURS(strftime)
LPW_OURS(strtod)

#endif
