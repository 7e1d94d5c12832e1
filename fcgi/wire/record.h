/*
 * FastCGI records, as far as an answer needs them: the header of a piece of output, and the end of a request.
 * Only bytes in and out; who owns the descriptor is not its business. (Reading requests is libfcgi's; asking is wire/upstream.)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum record_type { RECORD_BEGIN_REQUEST = 1, RECORD_END_REQUEST = 3, RECORD_PARAMS = 4, RECORD_STDIN = 5, RECORD_STDOUT = 6 };

enum {
    RECORD_VERSION = 1,
    RECORD_HEADER_SIZE = 8,
    RECORD_END_SIZE = 24,        /* an empty STDOUT and an END_REQUEST */
    RECORD_CONTENT_MAX = 65528,  /* a multiple of 8 under the 65535 of the protocol */
};

/* The header of any record, without padding. */
void record_header(unsigned char out[RECORD_HEADER_SIZE], enum record_type type, uint16_t request, size_t length);

/* The header of a STDOUT record with `length` (1 … RECORD_CONTENT_MAX) bytes of content and no padding. */
void record_stdout(unsigned char out[RECORD_HEADER_SIZE], uint16_t request, size_t length);

/* What ends an answer: status 0, request complete. */
void record_end(unsigned char out[RECORD_END_SIZE], uint16_t request);
