"""Reads exported tables with DuckDB, Polars and pandas and tells what each of them sees.

    read.py FOLDER

FOLDER has the same tables as Parquet and as CSV. One JSON value is printed: for each reader and
file the number of rows and the sum of each column that holds numbers.
"""

import json
import pathlib
import sys

import duckdb
import pandas
import polars


def numbers_of(table):
    """The columns that hold numbers, as the Parquet file declares them."""
    relation = duckdb.sql(f"SELECT * FROM '{table}.parquet'")
    kinds = zip(relation.columns, map(str, relation.types))
    return [name for name, kind in kinds if kind in ("DOUBLE", "BIGINT")]


def with_duckdb(path, numbers):
    sums = "".join(f', SUM(CAST("{name}" AS DOUBLE))' for name in numbers)
    row = duckdb.sql(f"SELECT COUNT(*){sums} FROM '{path}'").fetchall()[0]
    return row[0], row[1:]


def with_polars(path, numbers):
    if path.suffix == ".parquet":
        frame = polars.read_parquet(path)
    else:
        frame = polars.read_csv(path, infer_schema_length=None)
    return frame.height, [frame[name].cast(polars.Float64).sum() for name in numbers]


def with_pandas(path, numbers):
    if path.suffix == ".parquet":
        frame = pandas.read_parquet(path)
    else:
        frame = pandas.read_csv(path, low_memory=False)
    return len(frame), [float(frame[name].sum()) for name in numbers]


READERS = {"duckdb": with_duckdb, "polars": with_polars, "pandas": with_pandas}


def main():
    folder = pathlib.Path(sys.argv[1])
    found = []
    for path in sorted(folder.iterdir()):
        numbers = numbers_of(path.with_suffix(""))
        for reader, read in READERS.items():
            rows, sums = read(path, numbers)
            sums = dict(zip(numbers, (0 if it is None else it for it in sums)))
            found.append({"reader": reader, "file": path.name, "rows": rows, "sums": sums})
    print(json.dumps(found))


main()
