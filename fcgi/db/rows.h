/*
 * The rows of one answer, read without libpq in sight. Rows belong to whoever handed them over and live as long as that
 * one says (for listen: until the callback returns). Columns are found once by name; a missing one is a mistake of ours.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rows;

int rows_count(const struct rows *rows);
int rows_column(const struct rows *rows, const char *name);

bool rows_is_null(const struct rows *rows, int row, int column);
bool rows_bool(const struct rows *rows, int row, int column);                        /* false for null */
int64_t rows_integer(const struct rows *rows, int row, int column, int64_t if_null);
double rows_real(const struct rows *rows, int row, int column, double if_null);
const char *rows_text(const struct rows *rows, int row, int column);                 /* null for null; ends with NUL */
size_t rows_length(const struct rows *rows, int row, int column);                    /* of the text */
