/* Clock and calendar in UTC, freestanding target; zig/libc/time.zig. Types, units and the layout
   of struct tm are those of wasi-libc, so that one Zig source serves both. */
#ifndef LPW_TIME_H
#define LPW_TIME_H

#include <stddef.h>

typedef long long clock_t;
typedef long long time_t;

#define CLOCKS_PER_SEC ((clock_t)1000000000)

struct tm {
  int tm_sec;
  int tm_min;
  int tm_hour;
  int tm_mday;
  int tm_mon;
  int tm_year;
  int tm_wday;
  int tm_yday;
  int tm_isdst;
  int __tm_gmtoff;
  const char *__tm_zone;
  int __tm_nsec;
};

clock_t clock(void);
double difftime(time_t later, time_t earlier);
struct tm *gmtime(const time_t *time);
struct tm *localtime(const time_t *time);
time_t mktime(struct tm *fields);
size_t strftime(char *restrict buffer, size_t size, const char *restrict format,
                const struct tm *restrict fields);
time_t time(time_t *result);

#endif
