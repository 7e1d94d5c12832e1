/*
 * Event rows as the database gives them (sql/README.md), made into events.
 */
#pragma once

struct event;
struct rows;

struct row_columns {
    int id, tag, kind, audience, audience_id, person_id, room_id, message_id, author_id, quoted_id, room_role, rank, data, data_own, at;
};

void row_find_columns(struct row_columns *columns, const struct rows *rows);

/* The event owns copies of everything. */
void row_to_event(const struct rows *rows, int row, const struct row_columns *columns, struct event *event);
