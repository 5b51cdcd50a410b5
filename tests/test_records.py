"""Input files: found, told apart, and read from any place, whatever the rows are like."""

import bz2
import datetime
import errno
import gzip
import io
import lzma
import os
import re
import sys
import tracemalloc
from pathlib import Path

import fsspec
import pyarrow
import pyarrow.parquet
import pytest
from fsspec.implementations.local import LocalFileOpener
from fsspec.registry import _registry
from hypothesis import given
from hypothesis import strategies as st

from newsbrief import lines
from newsbrief.errors import ConfigurationError, InputError, UnreachableError
from newsbrief.inputs import find_files
from newsbrief.lines import read_lines
from newsbrief.records import Record, read_records

COMPRESS = {
    "": lambda data: data,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


def only_file(path: Path | str):
    (file,) = find_files(str(path))
    return file


def read(path: Path | str) -> list[Record]:
    return list(read_records(only_file(path)))


def written(folder: Path, data: bytes, name: str = "a.jsonl") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def problems(records: list[Record]) -> list[tuple[int, str | None]]:
    return [(record.number, record.problem and record.problem[0]) for record in records]


# Finding


def test_the_files_of_a_folder_are_found_sorted_with_size_and_stamp(tmp_path):
    written(tmp_path, b"{}\n", "b.jsonl")
    written(tmp_path, b"{}", "deep/a.ndjson.gz")
    found = find_files(str(tmp_path))
    assert [(file.name, file.kind, file.size) for file in found] == [
        ("b.jsonl", "jsonl", 3),
        ("deep/a.ndjson.gz", "jsonl", 2),
    ]
    assert found[1].compression == "gzip"
    assert found[0].stamp == str((tmp_path / "b.jsonl").stat().st_mtime)


def test_hidden_files_and_markers_of_a_folder_are_passed_over(tmp_path):
    for name in ("a.csv", ".DS_Store", "_SUCCESS", "_temporary/b.csv", ".git/c.csv"):
        written(tmp_path, b"id\n1\n", name)
    assert [file.name for file in find_files(str(tmp_path))] == ["a.csv"]


def test_a_pattern_picks_files(tmp_path):
    for name in ("2023/a.jsonl", "2024/a.jsonl", "2024/readme.md"):
        written(tmp_path, b"{}", name)
    found = find_files(f"{tmp_path}/*/*.jsonl")
    assert [file.name for file in found] == ["2023/a.jsonl", "2024/a.jsonl"]


@pytest.mark.parametrize("name", ["Articles [2024]", "what?", "a*b"])
def test_names_that_look_like_patterns_are_names_where_they_are_there(tmp_path, name):
    written(tmp_path, b"{}\n", f"{name}/[1].jsonl")
    (found,) = find_files(str(tmp_path / name))
    assert found.name == "[1].jsonl"
    assert find_files(str(tmp_path / name / "[1].jsonl")) == [found]


def test_links_are_followed_to_files_but_not_to_folders(tmp_path):
    written(tmp_path, b"{}\n", "store/deep/a.jsonl")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/b.jsonl").symlink_to("../store/deep/a.jsonl")
    (tmp_path / "in/loop").symlink_to(".")
    (tmp_path / "in/deep").symlink_to("../store/deep")
    (tmp_path / "in/.#b.jsonl").symlink_to("editor@host.1")
    (found,) = find_files(str(tmp_path / "in"))
    assert (found.name, found.size) == ("b.jsonl", 3)
    assert find_files(str(tmp_path / "in/*.jsonl")) == [found]


def test_a_link_that_leads_nowhere_is_told_unless_a_pattern_picked_files(tmp_path):
    written(tmp_path, b"{}\n")
    for name, target in (("b.jsonl", "gone"), ("c.jsonl", "c.jsonl")):
        (tmp_path / name).symlink_to(target)
        with pytest.raises(InputError, match=rf"{name} is a link that leads nowhere"):
            find_files(str(tmp_path))
        assert [file.name for file in find_files(str(tmp_path / "*.jsonl"))] == ["a.jsonl"]
        (tmp_path / name).unlink()


def test_a_folder_that_can_not_be_read_is_no_empty_folder(tmp_path, monkeypatch):
    for name in ("a.jsonl", "closed/b.jsonl", ".closed/c.jsonl", "lost+found/d.jsonl"):
        written(tmp_path, b"{}\n", name)
    plain = os.scandir

    def scan(path):
        if Path(path).name in ("closed", ".closed", "lost+found"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return plain(path)

    monkeypatch.setattr("os.scandir", scan)
    for source in (tmp_path, tmp_path / "**/*.jsonl"):
        with pytest.raises(ConfigurationError, match=r"/closed can't be read: Permission denied"):
            find_files(str(source))
    (tmp_path / "closed").rename(tmp_path / "_closed")
    assert [file.name for file in find_files(str(tmp_path))] == ["a.jsonl"]


def test_a_changed_file_has_another_stamp(tmp_path):
    file = written(tmp_path, b"{}")
    before = only_file(file)
    os.utime(file, ns=(1, 1))
    assert only_file(file) != before


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "nothing to read at"),
        (["a.jsonl", "b.csv"], "different kinds: .*a.jsonl .* and .*b.csv"),
        (["a.jsonl", "readme.md"], "readme.md is of no kind"),
        (["a.parquet.gz"], "a.parquet.gz is of no kind"),
        (["a.txt.gz"], "a.txt.gz is of no kind"),
        (["a.jsonl.zst"], "a.jsonl.zst is of no kind"),
        (["a.txt", "b.jsonl"], "different kinds"),
    ],
)
def test_an_input_that_makes_no_sense_is_refused_by_name(tmp_path, names, said):
    for name in names:
        written(tmp_path, b"x", name)
    with pytest.raises(InputError, match=said):
        find_files(str(tmp_path))


def test_nothing_at_a_path_is_said():
    with pytest.raises(InputError, match="nothing to read at memory://nowhere"):
        find_files("memory://nowhere")


def test_a_storage_whose_library_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(_registry, "s3", raising=False)
    with pytest.raises(ConfigurationError, match=r"S3: it needs the extra 's3' of Newsbrief$"):
        find_files("s3://bucket/a.jsonl")


def test_an_unknown_kind_of_storage_is_named():
    with pytest.raises(ConfigurationError, match="carrier://pigeon: no such kind of storage"):
        find_files("carrier://pigeon")


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    file = only_file(written(tmp_path, b"PAR1", "a.parquet"))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match="the extra 'parquet' of Newsbrief"):
        list(read_records(file))


# Lines of JSON


def test_every_bad_line_is_a_problem_of_its_own_and_the_rest_is_read(tmp_path):
    bad = {
        "invalid-json": [
            b"{",
            b'{"id": 1}}',
            b'{"id": NaN}',
            b'{"id": 1e999}',
            b'{"id": ' + b"9" * 5000 + b"}",
            b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            b'{"id": ' + b"[" * 60 + b"]" * 60 + b"}",
            b"text",
        ],
        "invalid-utf8": [b'{"id": "\xff"}', b'{"id": "\xed\xa0\x80"}', '{"a":1}'.encode("utf-16")],
        "not-an-object": [b"[]", b"1", b"null", b'"text"', b"[{}]"],
    }
    lines_written, expected = [], []
    for reason, group in bad.items():
        for line in group:
            lines_written += [line, b'{"id": "good"}']
            expected += [reason, None]
    records = read(written(tmp_path, b"\n".join(lines_written)))
    assert [reason for _, reason in problems(records)] == expected
    assert all(record.raw == {"id": "good"} for record in records[1::2])


def test_a_message_never_holds_the_text(tmp_path):
    records = read(written(tmp_path, b'{"body": "Harbour}\n{"body": "Harbour\xff"}\n["Harbour"]\n'))
    assert len(records) == 3
    for record in records:
        assert "Harbour" not in record.problem[1]


def test_blank_lines_are_no_records_but_count_as_lines(tmp_path):
    records = read(written(tmp_path, b'\n{"id": 1}\r\n  \t\r\n\n{"id": 2}'))
    assert [(record.place, record.raw) for record in records] == [
        ("a.jsonl#2", {"id": 1}),
        ("a.jsonl#5", {"id": 2}),
    ]


def test_a_byte_order_mark_is_passed_over_wherever_files_were_joined(tmp_path):
    mark = b"\xef\xbb\xbf"
    records = read(written(tmp_path, mark + b'{"id": 1}\n' + mark + b'{"id": 2}\n'))
    assert [record.raw for record in records] == [{"id": 1}, {"id": 2}]


def test_other_line_separators_within_text_end_no_line(tmp_path):
    records = read(written(tmp_path, '{"body": "one\u2028two\x85three"}'.encode()))
    assert [record.raw["body"] for record in records] == ["one\u2028two\x85three"]


def test_an_empty_file_has_no_records(tmp_path):
    assert read(written(tmp_path, b"")) == []


def test_a_huge_line_is_a_problem_and_is_never_held_whole(tmp_path):
    file = tmp_path / "a.jsonl"
    with file.open("wb") as stream:
        stream.write(b'{"id": 1}\n')
        for _ in range(80):
            stream.write(b"x" * 1_048_576)
        stream.write(b'\n{"id": 2}\n')
    tracemalloc.start()
    records = read(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problems(records) == [(1, None), (2, "too-large"), (3, None)]
    assert "83886081 bytes; at most 16777216" in records[1].problem[1]
    assert peak < 3 * lines.LONGEST
    (again, last) = read_records(only_file(file), seek=records[1].seek, first=2)
    assert (again, last) == (records[1], records[2])


@given(
    st.lists(st.binary(max_size=12).map(lambda data: data.replace(b"\n", b""))),
    st.booleans(),
    st.integers(1, 9),
)
def test_lines_are_those_of_a_split_whatever_the_blocks(texts, ended, block):
    data = b"\n".join(texts) + (b"\n" if ended and texts else b"")
    whole = data.split(b"\n")
    if whole[-1] == b"":
        whole.pop()

    class Blocks(io.BytesIO):
        def read1(self, _size=-1):
            return super().read1(block)

    found = list(read_lines(Blocks(data)))
    assert [line.data for line in found] == whole
    assert [data[line.start : line.end].rstrip(b"\n") for line in found] == [
        text.rstrip(b"\n") for text in whole
    ]
    assert [line.start for line in found[1:]] == [line.end for line in found[:-1]]


# Any place, any compression, any storage


def archive(ending: str) -> bytes:
    if ending == ".csv":
        return b"id,body\n" + b"".join(b'%d,"line\r\n""two"" of %d"\r\n' % (n, n) for n in range(9))
    return b"".join(
        b"\n" if n == 4 else b'{"id": %d, "body": "b"}\n' % n if n != 6 else b"{\n"
        for n in range(9)
    )


@pytest.mark.parametrize("compression", COMPRESS)
@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
def test_reading_goes_on_from_any_record(tmp_path, ending, compression):
    data = COMPRESS[compression](archive(ending))
    file = only_file(written(tmp_path, data, f"a{ending}{compression}"))
    records = list(read_records(file))
    assert len(records) == (9 if ending == ".csv" else 8)
    for index, record in enumerate(records):
        rest = list(read_records(file, seek=record.seek, first=record.number))
        assert rest == records[index:]


def test_reading_goes_on_from_any_row_of_a_table(tmp_path):
    table = pyarrow.table({"id": [*range(1000)], "body": [f"text {n}" for n in range(1000)]})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet", row_group_size=300)
    file = only_file(tmp_path / "a.parquet")
    records = list(read_records(file))
    assert [record.raw for record in records] == table.to_pylist()
    for index in (0, 1, 255, 256, 257, 299, 300, 301, 899, 900, 999):
        record = records[index]
        rest = list(read_records(file, seek=record.seek, first=record.number))
        assert rest == records[index:]


def test_row_groups_before_the_place_are_not_read(tmp_path, monkeypatch):
    table = pyarrow.table({"id": [*range(900)]})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet", row_group_size=300)
    asked = []
    plain = pyarrow.parquet.ParquetFile.iter_batches

    def watched(self, *arguments, **options):
        asked.append(options["row_groups"])
        return plain(self, *arguments, **options)

    monkeypatch.setattr(pyarrow.parquet.ParquetFile, "iter_batches", watched)
    (record,) = read_records(only_file(tmp_path / "a.parquet"), seek=899, first=900)
    assert (record.raw, record.number, record.place) == ({"id": 899}, 900, "a.parquet#900")
    assert asked == [[2]]


def test_planning_reads_only_the_columns_it_needs(tmp_path):
    pyarrow.parquet.write_table(
        pyarrow.table({"id": [1], "body": ["b"], "meta": [{"day": "2024-01-01"}]}),
        tmp_path / "a.parquet",
    )
    (record,) = read_records(only_file(tmp_path / "a.parquet"), only={"id", "meta", "absent"})
    assert record.raw == {"id": 1, "meta": {"day": "2024-01-01"}}


def test_object_storage_is_read_like_a_disk():
    files = fsspec.filesystem("memory")
    files.pipe_file("/archive-a/x.jsonl.gz", gzip.compress(b'{"id": 1}\n{"id": 2}\n'))
    (file,) = find_files("memory://archive-a")
    assert [record.place for record in read_records(file)] == ["x.jsonl.gz#1", "x.jsonl.gz#2"]
    assert [record.raw for record in read_records(file, seek=10, first=2)] == [{"id": 2}]
    files.rm("/archive-a", recursive=True)


# Damaged files


@pytest.mark.parametrize("compression", [".gz", ".bz2", ".xz"])
def test_of_a_file_that_was_cut_off_what_is_there_is_read_and_the_rest_is_told(
    tmp_path, compression
):
    rows = b"".join(b'{"id": "%s"}\n' % (b"%d" % (n * 7919)) * 3 for n in range(40_000))
    data = COMPRESS[compression](rows)
    file = only_file(written(tmp_path, data[: len(data) * 2 // 3], f"a.jsonl{compression}"))
    records = list(read_records(file))
    *good, last = records
    assert len(good) > 10_000
    assert all(record.problem is None for record in good)
    assert last.problem[0] == "damaged"
    assert last.number == good[-1].number + 1
    again = list(read_records(file, seek=last.seek, first=last.number))
    assert again == [last]
    assert list(read_records(file, seek=good[-1].seek, first=good[-1].number)) == [good[-1], last]


def test_damaged_bytes_within_a_file_are_told(tmp_path):
    data = bytearray(gzip.compress(b"".join(b'{"id": %d}\n' % n for n in range(50_000))))
    data[len(data) // 2] ^= 0xFF
    records = read(written(tmp_path, bytes(data), "a.jsonl.gz"))
    assert records[-1].problem[0] == "damaged"


def test_values_that_python_can_not_hold_spoil_no_other_row(tmp_path):
    text = pyarrow.array([b"caf\xc3\xa9", b"caf\xe9"], pyarrow.binary())
    table = pyarrow.table(
        {
            "id": ["a", "b"],
            "body": pyarrow.Array.from_buffers(pyarrow.string(), 2, text.buffers()),
            "far": pyarrow.array([1, 10_000_000], pyarrow.date32()),
            "exact": pyarrow.array([0, 1_735_689_600_000_000_001], pyarrow.timestamp("ns")),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    first, second = (record.raw for record in read(tmp_path / "a.parquet"))
    assert (first["id"], first["body"]) == ("a", "café")
    assert first["far"] == datetime.date(1970, 1, 2)
    assert (second["id"], second["body"], second["far"]) == ("b", b"caf\xe9", "29349-01-26")
    # Text, or what pandas has for it where that is installed; the image lacks it.
    assert str(second["exact"]) == "2025-01-01 00:00:00.000000001"


def test_what_is_no_gzip_at_all_is_told(tmp_path):
    assert problems(read(written(tmp_path, b"plain", "a.jsonl.gz"))) == [(1, "damaged")]
    assert problems(read(written(tmp_path, b"plain", "a.csv.gz"))) == [(1, "damaged")]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_a_damaged_table_is_told(tmp_path, share):
    file = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"id": [*range(1000)]}), file)
    data = file.read_bytes()
    records = read(written(tmp_path, data[: int(len(data) * share)], "b.parquet"))
    assert problems(records) == [(1, "damaged")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv.bz2", "a.parquet"])
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError("the token has expired"), ConfigurationError),  # s3fs gives no number
        (OSError("Forbidden"), UnreachableError),  # nor does gcsfs
        (OSError(16, "reduce your request rate"), UnreachableError),
        (TimeoutError("no answer"), UnreachableError),
        (RuntimeError("of a driver's own kind"), UnreachableError),
        (FileNotFoundError("is gone"), InputError),
    ],
)
def test_a_storage_that_fails_is_no_damaged_file(tmp_path, monkeypatch, name, error, told):
    file = only_file(written(tmp_path, b"it never comes to this", name))

    def fail(*_):
        raise error

    monkeypatch.setattr(LocalFileOpener, "read", fail)
    with pytest.raises(told, match=f"{name}.*{re.escape(str(error))}"):
        list(read_records(file))


def test_a_file_that_is_gone_is_said(tmp_path):
    file = only_file(written(tmp_path, b"{}"))
    (tmp_path / "a.jsonl").unlink()
    with pytest.raises(InputError, match=r"a\.jsonl is gone"):
        list(read_records(file))


# Tables of text


def test_quoted_newlines_and_quotes_are_part_of_the_text(tmp_path):
    records = read(written(tmp_path, b'id,body\n7,"one\r\ntwo ""three"", four"\n', "a.csv"))
    assert [record.raw for record in records] == [{"id": "7", "body": 'one\r\ntwo "three", four'}]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"\xef\xbb\xbfid,body\r\n1,b\r\n"),
        ("a.csv", b"id;body\n1;b"),
        ("a.csv", b'"id"\t"body"\n1\t"b"\n'),
        ("a.tsv", b"id\tbody\n1\tb\n"),
    ],
)
def test_commas_semicolons_and_tabs_are_told_by_the_first_line(tmp_path, name, data):
    assert [record.raw for record in read(written(tmp_path, data, name))] == [
        {"id": "1", "body": "b"}
    ]


def test_bad_rows_of_a_table_are_problems_of_their_own(tmp_path):
    data = (
        b"id,body\n1,a\n2\n3,c,d\n\n4,\xff\n"
        b'5,"quoted"badly\n6,f\n' + b"7," + b"x" * (lines.LONGEST + 1) + b"\n8,h\n"
    )
    records = read(written(tmp_path, data, "a.csv"))
    assert problems(records) == [
        (1, None),
        (2, "ragged"),
        (3, "ragged"),
        (4, "invalid-utf8"),
        (5, "invalid-csv"),
        (6, None),
        (7, "too-large"),
        (8, None),
    ]
    assert records[1].problem[1] == "has 1 columns, where the first line names 2"
    assert records[-1].raw == {"id": "8", "body": "h"}


def test_a_quote_that_never_ends_is_one_problem(tmp_path):
    records = read(written(tmp_path, b'id,body\n1,a\n2,"b\n3,c\n', "a.csv"))
    assert problems(records) == [(1, None), (2, "invalid-csv")]


def test_a_long_body_is_no_problem_for_a_table(tmp_path):
    body = b"word " * 60_000
    records = read(written(tmp_path, b"id,body\n1," + body + b"\n", "a.csv"))
    assert [len(record.raw["body"]) for record in records] == [300_000]


UTF_16 = "id,body\n1,2\n".encode("utf-16")


@pytest.mark.parametrize(
    "data",
    [b"id,id\n1,2\n", b"id,\n1,2\n", b'"id\n1,2\n', b"\n1,2\n", b"id,titul\xe9\n1,2\n", UTF_16],
)
def test_a_first_line_that_does_not_name_the_columns_is_refused(tmp_path, data):
    with pytest.raises(InputError, match=r"a\.csv: the first line"):
        read(written(tmp_path, data, "a.csv"))


def test_a_table_of_names_alone_has_no_records(tmp_path):
    assert read(written(tmp_path, b"id,body\n", "a.csv")) == []
    assert read(written(tmp_path, b"", "b.csv")) == []


# Documents


def test_every_document_of_a_folder_is_a_record_named_by_its_path(tmp_path):
    written(tmp_path, b"\xef\xbb\xbfplain", "b/one.txt")
    written(tmp_path, b"<p>page</p>", "a/two.html")
    written(tmp_path, b'{"headline": "H", "body": "B", "uid": 5}', "three.JSON")
    (file,) = find_files(str(tmp_path))
    records = list(read_records(file))
    assert [(record.place, record.number, record.raw) for record in records] == [
        ("a/two.html", 1, {"id": "a/two.html", "body_html": "<p>page</p>"}),
        ("b/one.txt", 2, {"id": "b/one.txt", "body": "plain"}),
        ("three.JSON", 3, {"id": "three.JSON", "headline": "H", "body": "B", "uid": 5}),
    ]
    assert list(read_records(file, seek=records[1].seek, first=2)) == records[1:]


def test_documents_are_the_same_by_a_relative_path_or_a_pattern(tmp_path, monkeypatch):
    written(tmp_path, b"plain", "articles/a.txt")
    monkeypatch.chdir(tmp_path)
    for source in ("articles", "./articles/", "articles/*.txt", "articles/a.txt", "*/a.txt"):
        (record,) = read(source)
        assert record.raw == {"id": record.place, "body": "plain"}
        assert record.place == ("articles/a.txt" if source == "*/a.txt" else "a.txt")
    assert only_file("articles") == only_file(tmp_path / "articles")


def test_a_document_with_an_id_of_its_own_keeps_it(tmp_path):
    records = read(written(tmp_path, b'{"id": "x-1"}', "a.json"))
    assert [(record.place, record.raw["id"]) for record in records] == [("a.json", "x-1")]


def test_bad_documents_are_problems_of_their_own(tmp_path):
    written(tmp_path, b"{", "1.json")
    written(tmp_path, b"[]", "2.json")
    written(tmp_path, b"\xff", "3.txt")
    written(tmp_path, b"x" * (lines.LONGEST + 1), "4.txt")
    written(tmp_path, b"fine", "5.txt")
    assert problems(read(tmp_path)) == [
        (1, "invalid-json"),
        (2, "not-an-object"),
        (3, "invalid-utf8"),
        (4, "too-large"),
        (5, None),
    ]


def test_planning_opens_no_document_whose_path_is_all_it_needs(tmp_path, monkeypatch):
    (file,) = find_files(str(written(tmp_path, b"plain", "a.txt")))
    list(read_records(file))
    (tmp_path / "a.txt").write_bytes(b"\xff")
    (record,) = read_records(file, only={"id"})
    assert record.raw == {"id": "a.txt"}


def test_documents_that_changed_since_they_were_found_are_refused(tmp_path):
    written(tmp_path, b"one", "a.txt")
    (file,) = find_files(str(tmp_path))
    written(tmp_path, b"two", "b.txt")
    with pytest.raises(InputError, match="have changed"):
        list(read_records(file))
