/* Text as a JSON string, with its quotes. The text must be valid UTF-8; nothing is checked, only escaped. */
#pragma once
#include "base/buf.h"

void quote_add(struct buf *out, struct span text);

/* A member of the object with which the buffer ends, still open: the comma where one is needed, the name, and its value. */
void quote_add_name(struct buf *object, struct span name); /* the value is yours to add */
void quote_add_member(struct buf *object, struct span name, struct span text);
