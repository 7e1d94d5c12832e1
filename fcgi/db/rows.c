#include "db/rows.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdlib.h>

static const PGresult *result_of(const struct rows *rows)
{
    return (const PGresult *)rows;
}

int rows_count(const struct rows *rows)
{
    return PQntuples(result_of(rows));
}

int rows_column(const struct rows *rows, const char *name)
{
    int column = PQfnumber(result_of(rows), name);
    assert(column >= 0);
    return column;
}

bool rows_is_null(const struct rows *rows, int row, int column)
{
    return PQgetisnull(result_of(rows), row, column) != 0;
}

bool rows_bool(const struct rows *rows, int row, int column)
{
    return PQgetvalue(result_of(rows), row, column)[0] == 't';
}

int64_t rows_integer(const struct rows *rows, int row, int column, int64_t if_null)
{
    return rows_is_null(rows, row, column) ? if_null : strtoll(PQgetvalue(result_of(rows), row, column), NULL, 10);
}

double rows_real(const struct rows *rows, int row, int column, double if_null)
{
    return rows_is_null(rows, row, column) ? if_null : strtod(PQgetvalue(result_of(rows), row, column), NULL);
}

const char *rows_text(const struct rows *rows, int row, int column)
{
    return rows_is_null(rows, row, column) ? NULL : PQgetvalue(result_of(rows), row, column);
}

size_t rows_length(const struct rows *rows, int row, int column)
{
    return (size_t)PQgetlength(result_of(rows), row, column);
}
