#include "wire/record.h"

#include <assert.h>
#include <string.h>

enum { END_REQUEST_BODY_SIZE = 8 };

void record_header(unsigned char out[RECORD_HEADER_SIZE], enum record_type type, uint16_t request, size_t length)
{
    out[0] = RECORD_VERSION;
    out[1] = (unsigned char)type;
    out[2] = (unsigned char)(request >> 8);
    out[3] = (unsigned char)request;
    out[4] = (unsigned char)(length >> 8);
    out[5] = (unsigned char)length;
    out[6] = 0;
    out[7] = 0;
}

void record_stdout(unsigned char out[RECORD_HEADER_SIZE], uint16_t request, size_t length)
{
    assert(length > 0 && length <= RECORD_CONTENT_MAX);  /* an empty one would end the stream */
    record_header(out, RECORD_STDOUT, request, length);
}

void record_end(unsigned char out[RECORD_END_SIZE], uint16_t request)
{
    memset(out, 0, RECORD_END_SIZE);
    record_header(out, RECORD_STDOUT, request, 0);
    record_header(out + RECORD_HEADER_SIZE, RECORD_END_REQUEST, request, END_REQUEST_BODY_SIZE);
}
