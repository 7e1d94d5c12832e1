/* Text as a JSON string, with its quotes. The text must be valid UTF-8; nothing is checked, only escaped. */
#pragma once
#include "base/buf.h"

void quote_add(struct buf *out, struct span text);
