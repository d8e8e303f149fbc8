/* Bytes and C strings, freestanding target; zig/libc/string.zig. */
#ifndef LPW_STRING_H
#define LPW_STRING_H

#include <stddef.h>

void *memchr(const void *block, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memcpy(void *restrict target, const void *restrict source, size_t size);
void *memmove(void *target, const void *source, size_t size);
void *memset(void *target, int byte, size_t size);
char *strchr(const char *text, int byte);
int strcmp(const char *a, const char *b);
int strcoll(const char *a, const char *b);
char *strcpy(char *restrict target, const char *restrict source);
char *strerror(int code);
size_t strlen(const char *text);
int strncmp(const char *a, const char *b, size_t size);
char *strpbrk(const char *text, const char *accept);
size_t strspn(const char *text, const char *accept);
char *strstr(const char *text, const char *part);

#endif
