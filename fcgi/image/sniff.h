/*
 * What kind of picture some bytes begin like. Nobody's word is believed: neither a header nor a name says which decoder gets to
 * see a file. It says nothing of whether the rest is sound.
 */
#pragma once
#include "base/span.h"

enum sniff_kind { SNIFF_NONE, SNIFF_JPEG, SNIFF_PNG, SNIFF_GIF, SNIFF_WEBP, SNIFF_AVIF };

enum { SNIFF_BYTES = 256 }; /* the beginning that is enough to know */

enum sniff_kind sniff_kind(struct span beginning);
