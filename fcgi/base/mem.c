#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void die(void)
{
    static const char last_words[] = "level=error msg=\"out of memory\"\n";
    ssize_t ignored = write(STDERR_FILENO, last_words, sizeof last_words - 1);
    (void)ignored;
    abort();
}

static void *must(void *memory)
{
    if (!memory)
        die();
    return memory;
}

void *mem_alloc(size_t size)
{
    return must(malloc(size ? size : 1));
}

void *mem_zeroed(size_t size)
{
    return must(calloc(1, size ? size : 1));
}

void *mem_grow(void *old, size_t size)
{
    return must(realloc(old, size ? size : 1));
}

char *mem_copy_text(const char *text)
{
    return mem_copy_bytes(text, strlen(text));
}

char *mem_copy_bytes(const void *bytes, size_t length)
{
    char *copy = mem_alloc(length + 1);
    if (length)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

void mem_free(void *memory)
{
    free(memory);
}
