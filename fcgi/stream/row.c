#include "stream/row.h"

#include "base/mem.h"
#include "db/rows.h"
#include "stream/event.h"

#include <stdio.h>

void row_find_columns(struct row_columns *columns, const struct rows *rows)
{
    *columns = (struct row_columns){
        .id = rows_column(rows, "id"), .tag = rows_column(rows, "tag"), .kind = rows_column(rows, "kind"),
        .audience = rows_column(rows, "audience"), .audience_id = rows_column(rows, "audience_id"),
        .person_id = rows_column(rows, "person_id"), .room_id = rows_column(rows, "room_id"),
        .message_id = rows_column(rows, "message_id"), .author_id = rows_column(rows, "author_id"),
        .quoted_id = rows_column(rows, "quoted_id"), .room_role = rows_column(rows, "room_role"),
        .rank = rows_column(rows, "rank"), .data = rows_column(rows, "data"), .data_own = rows_column(rows, "data_own"),
        .at = rows_column(rows, "at"),
    };
}

static char *copy_text(const struct rows *rows, int row, int column)
{
    const char *text = rows_text(rows, row, column);
    return text ? mem_copy_bytes(text, rows_length(rows, row, column)) : NULL;
}

void row_to_event(const struct rows *rows, int row, const struct row_columns *columns, struct event *event)
{
    *event = (struct event){
        .cursor.id = rows_integer(rows, row, columns->id, 0),
        .kind = event_kind_of(rows_text(rows, row, columns->kind)),
        .audience = event_audience_of(rows_text(rows, row, columns->audience)),
        .audience_id = rows_integer(rows, row, columns->audience_id, 0),
        .person_id = rows_integer(rows, row, columns->person_id, 0),
        .room_id = rows_integer(rows, row, columns->room_id, 0),
        .message_id = rows_integer(rows, row, columns->message_id, 0),
        .author_id = rows_integer(rows, row, columns->author_id, 0),
        .quoted_id = rows_integer(rows, row, columns->quoted_id, 0),
        .room_role = (int)rows_integer(rows, row, columns->room_role, -1),
        .rank = (int)rows_integer(rows, row, columns->rank, -1),
        .at = rows_real(rows, row, columns->at, 0),
        .name = copy_text(rows, row, columns->kind),
        .data = copy_text(rows, row, columns->data),
        .data_own = copy_text(rows, row, columns->data_own),
        .answers = -1,
    };
    snprintf(event->cursor.tag, sizeof event->cursor.tag, "%s", rows_text(rows, row, columns->tag));
}
