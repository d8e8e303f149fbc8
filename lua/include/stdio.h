/* Streams over the host's js_input and lpw_output, freestanding target; zig/libc/stdio.zig and
   zig/libc/printf.zig. The numbers are those of wasi-libc. */
#ifndef LPW_STDIO_H
#define LPW_STDIO_H

#include <stddef.h>

#define BUFSIZ 1024
#define EOF (-1)
#define L_tmpnam 20

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

typedef struct _IO_FILE FILE;

extern FILE *const stdin;
extern FILE *const stdout;
extern FILE *const stderr;
#define stdin (stdin)
#define stdout (stdout)
#define stderr (stderr)

void clearerr(FILE *stream);
int fclose(FILE *stream);
int feof(FILE *stream);
int ferror(FILE *stream);
int fflush(FILE *stream);
FILE *fopen(const char *restrict path, const char *restrict mode);
int fprintf(FILE *restrict stream, const char *restrict format, ...)
  __attribute__((__format__(__printf__, 2, 3)));
char *fgets(char *restrict target, int size, FILE *restrict stream);
size_t fread(void *restrict target, size_t size, size_t count, FILE *restrict stream);
FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict stream);
int fseek(FILE *stream, long offset, int whence);
long ftell(FILE *stream);
size_t fwrite(const void *restrict source, size_t size, size_t count, FILE *restrict stream);
int getc(FILE *stream);
int remove(const char *path);
int rename(const char *from, const char *to);
int setvbuf(FILE *restrict stream, char *restrict buffer, int mode, size_t size);
int snprintf(char *restrict buffer, size_t size, const char *restrict format, ...)
  __attribute__((__format__(__printf__, 3, 4)));
FILE *tmpfile(void);
char *tmpnam(char *name);
int ungetc(int c, FILE *stream);

#endif
